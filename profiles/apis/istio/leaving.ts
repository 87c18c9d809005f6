import {perSnapshot} from "../../memo.ts"
import type {Reason} from "../../reason.ts"
import {type ProfileReasonCode, reason} from "../../reasons.ts"
import {type KubeObject, refOf} from "../../snapshot/object.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {type Templated, templatesIn} from "../../workloads.ts"
import {authorizationsFor, readAuthorization} from "./authorization.ts"
import {readDestinationRule} from "./destination-rule.ts"
import {meshEgressLimits} from "./egress-limit.ts"
import {readRequestAuthentication, readSidecar} from "./extensions.ts"
import {namesNamespace, speaksOf} from "./identities.ts"
import {
	AuthorizationPolicy,
	DestinationRule,
	ProxyConfig,
	RequestAuthentication,
	ServiceEntry,
	Sidecar,
	Telemetry,
	VirtualService,
} from "./kinds.ts"
import {strictBy} from "./peer-authentication.ts"
import {policiesFor} from "./scope.ts"
import {tlsOriginatedBy} from "./tls-origination.ts"
import {readVirtualService} from "./virtual-service.ts"

/** What protects a namespace by Istio now, or identifies it to others, and would be gone outside of Istio. */
export function protectionLostOutsideIstio(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const enforced = authorizationsFor(snapshot, namespace).filter((object) => isEnforced(object))
	const tokens = policiesFor(
		snapshot,
		RequestAuthentication,
		namespace,
		(one) => readRequestAuthentication(one).value,
	)
	const limits = [
		...snapshot.list(Sidecar, namespace).filter((one) => readSidecar(one).value.registryOnly),
		...meshEgressLimits(snapshot, namespace),
	]
	return [
		...each(enforced, "AuthorizationStopsBeingEnforced", "would be enforced by nobody"),
		...each(tokens, "JWTStopsBeingVerified", "would be applied by nobody"),
		...each(
			strictBy(snapshot, namespace),
			"StrictMTLSStopsBeingEnforced",
			"demands mTLS, which pods outside of Istio do not",
		),
		...each(
			limits,
			"EgressRestrictionIgnored",
			"allows calls to known hosts only; calls to any host would pass",
		),
		...each(
			tlsOriginatedBy(snapshot, namespace),
			"TLSOriginationLost",
			"makes sidecars speak TLS to a host in the application's stead; outside of Istio nobody does",
		),
		...identityLost(snapshot, namespace),
	]
}

/** What other namespaces make of callers' identities, which those of this one would no longer carry. */
function identityLost(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const told = identityPolicies(snapshot)
		.filter(({object}) => object.metadata.namespace !== namespace)
		.map(({object, speaks}) => ({object, said: speaks(namespace)}))
	const those = (wanted: "name" | "any") => told.filter(({said}) => said === wanted).map(({object}) => object)
	return [
		...each(
			those("name"),
			"IdentityLostForPeers",
			`names ${namespace} by its identity in Istio, which its calls would no longer carry`,
		),
		...each(
			those("any"),
			"StrictServersRejectPlaintext",
			`asks for an identity of Istio's, whichever it is, and calls of ${namespace} would no longer carry one`,
		),
	]
}

/**
 * Routing and settings of a namespace's own that only Istio reads. A dataplane that carries the features has to be
 * told in its own words. Objects of other namespaces go on acting for the callers there.
 */
export function settingsLostOutsideIstio(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const routes = snapshot
		.list(VirtualService, namespace)
		.filter((one) => readVirtualService(one).value.inMesh)
	const rules = snapshot.list(DestinationRule, namespace).filter((one) => {
		const {traits, subsets} = readDestinationRule(one).value
		return traits.length + subsets.length > 0
	})
	const settings = [
		...[Telemetry, ServiceEntry, ProxyConfig].flatMap((kind) => snapshot.list(kind, namespace)),
		...templatesIn(snapshot, namespace)
			.filter(hasExcludedPorts)
			.map(({object}) => object),
	]
	return [
		...each([...routes, ...rules], "IstioRoutingNotRead", "is read by Istio alone"),
		...each(settings, "IstioSettingNotRead", "says how to carry or to watch traffic in words of Istio's"),
	]
}

/** Ports and addresses that pass by the sidecar. */
export const hasExcludedPorts = ({template}: Templated): boolean =>
	Object.keys(template.metadata?.annotations ?? {}).some((key) => key.startsWith("traffic.sidecar.istio.io/"))

function isEnforced(object: KubeObject): boolean {
	const {dryRun, action} = readAuthorization(object).value
	return !dryRun && action !== "AUDIT"
}

function each(objects: readonly KubeObject[], code: ProfileReasonCode, what: string): readonly Reason[] {
	return objects.map((object) => reason(code, {object: refOf(object), message: `${refOf(object)} ${what}.`}))
}

type Speaking = {readonly object: KubeObject; readonly speaks: (namespace: string) => "name" | "any" | "no"}

/** Policies that look at the identity of callers, and whether they mean a namespace by its name. */
const identityPolicies = perSnapshot((snapshot): readonly Speaking[] =>
	snapshot.list(AuthorizationPolicy).flatMap((object) => {
		const {principals, namespaces, dryRun} = readAuthorization(object).value
		if (dryRun || principals.length + namespaces.length === 0) return []
		const speaks = (namespace: string) => {
			const said = [
				...principals.map((one) => speaksOf(one, namespace)),
				...namespaces.map((one) => namesNamespace(one, namespace)),
			]
			return said.find((one) => one === "name") ?? said.find((one) => one === "any") ?? "no"
		}
		return [{object, speaks}]
	}),
)
