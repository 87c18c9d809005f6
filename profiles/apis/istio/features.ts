import type {Snapshot} from "../../snapshot/snapshot.ts"
import {joined, reader, type Uses, usesOf} from "../use.ts"
import {authorizationsFor, authorizationTraits, readAuthorization} from "./authorization.ts"
import {destinationRulesFor, readDestinationRule} from "./destination-rule.ts"
import * as extensions from "./extensions.ts"
import * as kinds from "./kinds.ts"
import {peerAuthenticationsFor, peerTraits, readPeerAuthentication} from "./peer-authentication.ts"
import {policiesFor} from "./scope.ts"
import {readVirtualService, virtualServicesFor, virtualServiceTraits} from "./virtual-service.ts"

const readGateway = reader((spec) => spec.at("servers").items().length)

/**
 * What a namespace makes use of by Istio's own objects: its own, those of the root namespace that reach it, and
 * routes and rules of other namespaces that name its services. Defaults in MeshConfig are out of sight: a
 * profile's `requires` names what has to stay of them.
 */
export function features(snapshot: Snapshot, namespace: string): Uses {
	return joined([
		...security(snapshot, namespace),
		...traffic(snapshot, namespace),
		...proxies(snapshot, namespace),
	])
}

function security(snapshot: Snapshot, namespace: string): readonly Uses[] {
	const jwt = policiesFor(
		snapshot,
		kinds.RequestAuthentication,
		namespace,
		(one) => extensions.readRequestAuthentication(one).value,
	)
	return [
		usesOf(authorizationsFor(snapshot, namespace), readAuthorization, authorizationTraits),
		usesOf(peerAuthenticationsFor(snapshot, namespace), readPeerAuthentication, peerTraits),
		usesOf(jwt, extensions.readRequestAuthentication, extensions.requestAuthenticationTraits),
	]
}

function traffic(snapshot: Snapshot, namespace: string): readonly Uses[] {
	return [
		usesOf(virtualServicesFor(snapshot, namespace), readVirtualService, virtualServiceTraits),
		usesOf(destinationRulesFor(snapshot, namespace), readDestinationRule, ({traits}) => traits),
		usesOf(
			snapshot.list(kinds.ServiceEntry, namespace),
			extensions.readServiceEntry,
			extensions.serviceEntryTraits,
		),
		usesOf(snapshot.list(kinds.IstioGateway, namespace), readGateway, () => ["Ingress"]),
		usesOf(snapshot.list(kinds.Sidecar, namespace), extensions.readSidecar, extensions.sidecarTraits),
	]
}

function proxies(snapshot: Snapshot, namespace: string): readonly Uses[] {
	const filters = policiesFor(
		snapshot,
		kinds.EnvoyFilter,
		namespace,
		(one) => extensions.readEnvoyFilter(one).value,
	)
	const modules = [kinds.WasmPlugin, kinds.TrafficExtension].flatMap((kind) =>
		policiesFor(snapshot, kind, namespace, (one) => extensions.readExtension(one).value),
	)
	const telemetry = policiesFor(
		snapshot,
		kinds.Telemetry,
		namespace,
		(one) => extensions.readTelemetry(one).value,
	)
	return [
		usesOf(filters, extensions.readEnvoyFilter, extensions.envoyFilterTraits),
		usesOf(modules, extensions.readExtension, extensions.extensionTraits),
		usesOf(telemetry, extensions.readTelemetry, extensions.telemetryTraits),
	]
}
