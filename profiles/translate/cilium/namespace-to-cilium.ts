import {satisfies} from "semver"
import {ciliumConfig} from "../../apis/cilium/config.ts"
import {CiliumClusterwideNetworkPolicy, CiliumNetworkPolicy} from "../../apis/cilium/kinds.ts"
import {authorizationsFor} from "../../apis/istio/authorization.ts"
import {rootNamespaces} from "../../apis/istio/control-plane.ts"
import {PeerAuthentication} from "../../apis/istio/kinds.ts"
import {unreadable} from "../../apis/read.ts"
import {detect} from "../../cilium/detect.ts"
import {readCiliumPolicy} from "../../policy/cilium/read.ts"
import {requestsFrom} from "../../policy/istio/derive.ts"
import {policiesIn, readPolicy} from "../../policy/istio/read.ts"
import {readNetworkPolicy} from "../../policy/kubernetes/read.ts"
import type {Request} from "../../policy/request.ts"
import {NetworkPolicy} from "../../snapshot/kinds.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {calleesIn} from "../istio/callees.ts"
import type {NamespaceTranslation} from "../istio/namespace-to-ambient.ts"
import {trustDomainOf} from "../istio/trust-domain.ts"
import {check} from "../moments.ts"
import {written} from "../owned.ts"
import {surroundingsIn} from "../pod-shapes.ts"
import {nothingTranslated, worstOf} from "../types.ts"
import type {Identities} from "./callers.ts"
import {toCilium} from "./from-istio.ts"
import {meshedIn} from "./meshed.ts"
import {ciliumMoments} from "./moments.ts"
import {networkReasons, readsHTTP} from "./network-reasons.ts"
import {plainPortsIn} from "./plain-ports.ts"

const nobodyKeptOut = {guarded: false, strict: false, headless: []}

/** Istio's policies of a namespace whose sidecars go and whose rules the container network takes over. */
export function namespaceToCilium(snapshot: Snapshot, namespace: string): NamespaceTranslation {
	const authorizations = written(authorizationsFor(snapshot, namespace)).filter(
		(one) => !readPolicy(one).value.dryRun,
	)
	if (authorizations.length === 0) return {made: nothingTranslated, ...nobodyKeptOut}
	const network = networkPoliciesOf(snapshot, namespace)
	const faulty = [
		...authorizations.map((object) => ({object, faults: readPolicy(object).faults})),
		...network,
	].flatMap(({object, faults}) => (faults.length === 0 ? [] : [unreadable(object, faults)]))
	if (faulty.length > 0) return {made: {...nothingTranslated, reasons: faulty}, ...nobodyKeptOut}
	const identities = {trustDomain: trustDomainOf(authorizations), isMeshed: meshedIn(snapshot, namespace)}
	const around = surroundingsIn(snapshot, namespace)
	const made = toCilium({
		...identities,
		namespace,
		policies: authorizations,
		normalizesPaths: ciliumConfig(snapshot)?.["http-normalize-path"] !== "false",
		deniesAlone: deniesAlone(snapshot),
		plainPorts: plainPortsIn(around),
	})
	const told = {
		...made,
		reasons: networkReasons(snapshot, namespace, made),
		// Rules about HTTP are a duty of Cilium's from then on.
		settles: made.before.some(readsHTTP) ? ["NoMeshDuty"] : [],
	}
	if (worstOf(made.translations.flatMap(({fields}) => fields)) === "blocked")
		return {made: told, ...nobodyKeptOut}
	const roots = rootNamespaces(snapshot)
	const peers = [namespace, ...roots].flatMap((space) => snapshot.list(PeerAuthentication, space))
	const objects = [...authorizations, ...peers, ...network.map(({object}) => object)]
	const requests = requestsFrom(policiesIn(authorizations), {callees: calleesIn(namespace, around)})
	return {
		made: told,
		check: check(
			ciliumMoments({namespace, objects, made, roots}),
			requests.flatMap((one) => possible(one, identities)),
		),
		...nobodyKeptOut,
	}
}

/** Source: cilium 1.16's release notes; cilium:pkg/option/config.go (enable-non-default-deny-policies) */
function deniesAlone(snapshot: Snapshot): boolean {
	const [installed] = detect(snapshot)
	const {version} = installed ?? {}
	return (
		version !== undefined &&
		satisfies(version, ">=1.16.0", {includePrerelease: true}) &&
		ciliumConfig(snapshot)?.["enable-non-default-deny-policies"] !== "false"
	)
}

/** Policies that the network enforces for pods of the namespace already, without those that this move makes. */
function networkPoliciesOf(
	snapshot: Snapshot,
	namespace: string,
): readonly {readonly object: KubeObject; readonly faults: readonly string[]}[] {
	const own = written([
		...snapshot.list(CiliumNetworkPolicy, namespace),
		...snapshot.list(CiliumClusterwideNetworkPolicy),
	])
	return [
		...own.map((object) => ({object, faults: readCiliumPolicy(object).faults})),
		...snapshot
			.list(NetworkPolicy, namespace)
			.map((object) => ({object, faults: readNetworkPolicy(object).faults})),
	]
}

/** A caller as it can be: who proves an identity, and who has none, is a matter of where its pods are. */
function possible(request: Request, {trustDomain, isMeshed}: Identities): readonly Request[] {
	const {identity, ...source} = request.source
	if (identity !== undefined && identity.trustDomain !== trustDomain) return []
	const {namespace, serviceAccount} = identity ?? source
	const proven = {trustDomain, namespace, serviceAccount}
	const known = {...source, namespace, serviceAccount}
	return [{...request, source: isMeshed(namespace, serviceAccount) ? {...known, identity: proven} : known}]
}
