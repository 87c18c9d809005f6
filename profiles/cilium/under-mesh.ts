import {networkAgent} from "../apis/cilium/agent.ts"
import {ciliumConfig} from "../apis/cilium/config.ts"
import {isZtunnelEnrolled} from "../apis/cilium/duties.ts"
import {envoyConfigsFor} from "../apis/cilium/envoy-config.ts"
import {type Clause, isEveryPod, policiesFor} from "../apis/cilium/policy.ts"
import {peerAuthenticationsFor, readPeerAuthentication} from "../apis/istio/peer-authentication.ts"
import {contains} from "../apis/kubernetes/cidr.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import {type KubeObject, refOf} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import type {MeshAbove} from "./coexistence.ts"
import {portHazards} from "./port-hazards.ts"

/** The TCP port by which pods of a mesh reach each other in place of the application's own. */
const tunnels: Readonly<Record<MeshAbove, number | undefined>> = {
	"istio-sidecar": undefined,
	"istio-ambient": 15008,
	linkerd: 4143,
}

/** Ambient's address for the kubelet's probes. */
const probeAddress = "169.254.7.127"

/** What Cilium's own rules do to the pods of a namespace once a mesh above it has them. They stay in force there. */
export function underMesh(snapshot: Snapshot, namespace: string, mesh: MeshAbove): readonly Reason[] {
	if (networkAgent(snapshot) === undefined) return []
	const tunnel = tunnels[mesh]
	return [
		...(mesh === "istio-sidecar" && isWithoutMTLS(snapshot, namespace) ? [] : l7Hazards(snapshot, namespace)),
		...envoyConfigsFor(snapshot, namespace).map(skipped),
		...(tunnel === undefined ? [] : portHazards(snapshot, namespace, tunnel)),
		...(mesh === "istio-ambient" ? probeHazards(snapshot, namespace) : []),
		...ztunnelHazards(snapshot, namespace),
	]
}

/** The one way in which Cilium's HTTP rules and Istio's sidecars work together; ambient ignores DISABLE. */
function isWithoutMTLS(snapshot: Snapshot, namespace: string): boolean {
	const all = peerAuthenticationsFor(snapshot, namespace).map((one) => readPeerAuthentication(one).value)
	const whole = all.filter(({selector, mode}) => selector === undefined && mode !== "UNSET").at(-1)
	const other = all.some(({selector, mode, portModes}) =>
		[...(selector === undefined ? [] : [mode]), ...portModes].some((one) => one !== "DISABLE"),
	)
	return whole?.mode === "DISABLE" && !other
}

function l7Hazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	return policiesFor(snapshot, namespace).flatMap(({object, rules}) => {
		const fields = rules.flatMap(({clauses}) => clauses.flatMap(({l7}) => l7))
		if (fields.length === 0) return []
		const message = `${refOf(object)} makes Cilium's Envoy read the traffic of these pods (${fields.join(", ")}), which is mTLS in the mesh.`
		return [reason("CiliumL7BreaksMTLS", {object: refOf(object), message})]
	})
}

function skipped(object: KubeObject): Reason {
	const message = `${refOf(object)} stands before Services whose callers in the mesh go straight to the pods.`
	return reason("CiliumEnvoyConfigSkipped", {object: refOf(object), message})
}

/** Pods that refuse what nothing admits need the probes' address admitted, since Cilium takes them for strangers. */
function probeHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const policies = policiesFor(snapshot, namespace)
	const always = ciliumConfig(snapshot)?.["enable-policy"] === "always"
	const closing = policies.filter(({rules}) => rules.some(({closes}) => closes.ingress))
	if (admitsAmbientProbes(snapshot, namespace) || (!always && closing.length === 0)) return []
	const by =
		closing.length === 0 ? "enable-policy: always" : closing.map(({object}) => refOf(object)).join(", ")
	const [first] = closing
	const message = `By ${by} Cilium refuses what no policy admits, the kubelet's probes in ambient among it.`
	return [reason("CiliumRefusesProbes", {...(first ? {object: refOf(first.object)} : {}), message})]
}

/** A policy of Cilium's admits ambient's probes to every pod, also past NetworkPolicies: what one admits is admitted. */
export function admitsAmbientProbes(snapshot: Snapshot, namespace: string): boolean {
	if (networkAgent(snapshot) === undefined) return false
	return policiesFor(snapshot, namespace).some(({rules}) =>
		rules.some(({selector, clauses}) => isEveryPod(selector) && clauses.some(admitsProbes)),
	)
}

const admitsProbes = ({direction, deny, everyone, cidrs, ports}: Clause): boolean =>
	direction === "ingress" &&
	!deny &&
	ports === undefined &&
	(everyone || cidrs.some((cidr) => contains(cidr, probeAddress)))

function ztunnelHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	if (!isZtunnelEnrolled(snapshot, namespace)) return []
	const object = `Namespace/${namespace}`
	const message = `${namespace} is enrolled in Cilium's ztunnel: new pods of the mesh would be captured twice.`
	return [reason("ZtunnelOfCiliumEnrolled", {object, message})]
}
