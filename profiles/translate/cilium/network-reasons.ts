import {ciliumConfig, isOn} from "../../apis/cilium/config.ts"
import {isIdentityLabel} from "../../apis/cilium/identity-labels.ts"
import {CiliumConfig} from "../../apis/cilium/kinds.ts"
import {perSnapshot} from "../../memo.ts"
import {listed, plural} from "../../names.ts"
import {labelOf} from "../../pods.ts"
import {readCiliumPolicy} from "../../policy/cilium/read.ts"
import type {Reason} from "../../reason.ts"
import {reason} from "../../reasons.ts"
import * as kinds from "../../snapshot/kinds.ts"
import {type KubeObject, refOf} from "../../snapshot/object.ts"
import type {Service} from "../../snapshot/shapes.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {templatesIn} from "../../workloads.ts"
import type {Translated} from "../types.ts"
import {sidecarMark} from "./from-istio.ts"

/** What keeps the network from enforcing policies that a translation made, or lets somebody past them. */
export function networkReasons(
	snapshot: Snapshot,
	namespace: string,
	{before, after}: Translated,
): readonly Reason[] {
	const made = [...before, ...after]
	if (made.length === 0) return []
	return [
		...unenforced(snapshot, made),
		...unlabelled(snapshot, made),
		...mistaken(snapshot, namespace, made),
		...(made.some(closes) ? nodeReasons(snapshot, namespace) : []),
		...unproven(made),
	]
}

const rulesOf = (object: KubeObject) => readCiliumPolicy(object).value

/** Some of its rules are about HTTP. */
export const readsHTTP = (object: KubeObject): boolean =>
	rulesOf(object).some(({allow}) =>
		allow.ingress.some(({toPorts}) => toPorts?.some(({http}) => http !== undefined)),
	)

const closes = (object: KubeObject): boolean => rulesOf(object).some((one) => one.closes.ingress)

const config = `ConfigMap/${CiliumConfig.only.namespace}/${CiliumConfig.only.name}`

function unenforced(snapshot: Snapshot, made: readonly KubeObject[]): readonly Reason[] {
	const flags = ciliumConfig(snapshot)
	const [first] = made.map(refOf)
	const off = [
		...(flags?.["enable-policy"] === "never" ? ["enable-policy: never"] : []),
		...(isOn(flags, "policy-audit-mode") ? ["policy-audit-mode: true"] : []),
	]
	const reading = made.find(readsHTTP)
	return [
		...off.map((flag) =>
			reason("CiliumPolicyNotEnforced", {
				object: config,
				message: `${first} would not be enforced: Cilium runs with ${flag}.`,
			}),
		),
		...(reading !== undefined && flags?.["enable-l7-proxy"] === "false"
			? [
					reason("CiliumL7ProxyOff", {
						object: config,
						message: `${refOf(reading)} has rules for a proxy, and Cilium runs with enable-l7-proxy: false.`,
					}),
				]
			: []),
	]
}

/** Keys by which policies select their own pods: a key that is no part of an identity selects nobody, and closes nothing. */
function unlabelled(snapshot: Snapshot, made: readonly KubeObject[]): readonly Reason[] {
	const flags = ciliumConfig(snapshot) ?? {}
	const keys = made.flatMap((object) =>
		rulesOf(object).flatMap(({selector: {matchLabels = {}, matchExpressions = []}}) => [
			...Object.keys(matchLabels),
			...matchExpressions.map(({key}) => key),
		]),
	)
	const unseen = [...new Set(keys)].filter((key) => !isIdentityLabel(key, flags)).sort()
	if (unseen.length === 0) return []
	const message = `Cilium's policies would select pods by ${unseen.join(", ")}, which its flags leave out of their identities.`
	return [reason("CiliumIgnoresLabel", {object: config, message})]
}

/** A template that has the injector's label by itself keeps it without a sidecar, and would pass for a pod with one. */
function mistaken(snapshot: Snapshot, namespace: string, made: readonly KubeObject[]): readonly Reason[] {
	if (!made.some(closes)) return []
	return templatesIn(snapshot, namespace)
		.filter(({object, template}) => object !== template && labelOf(template, sidecarMark) !== undefined)
		.map(({object}) => {
			const message = `The pods of ${refOf(object)} would keep the label ${sidecarMark} without a sidecar, and Cilium's policies would take them for pods with one.`
			return reason("SidecarLabelOnTemplate", {object: refOf(object), message})
		})
}

/** Namespaces whose pods are part of the node itself. */
const ofTheNode = /^kube-/

const onHostNetwork = perSnapshot((snapshot): readonly string[] =>
	snapshot
		.list(kinds.Pod)
		.filter(
			({metadata, spec, status}) =>
				spec?.hostNetwork === true &&
				!ofTheNode.test(metadata.namespace ?? "") &&
				status?.phase !== "Succeeded" &&
				status?.phase !== "Failed",
		)
		.map(refOf),
)

/** A pod's own node is always let in; who else comes from there is let in with it. */
function nodeReasons(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const pods = onHostNetwork(snapshot)
	const services = snapshot.list(kinds.Service, namespace).filter((one) => comesFromTheNode(snapshot, one))
	return [
		...(pods.length === 0
			? []
			: [
					reason("NetworkAdmitsItsNode", {
						message: `${plural(pods.length, "pod")} on the host's network (${listed(pods)}) would be admitted by pods of ${namespace} on the same node.`,
					}),
				]),
		...services.map((one) =>
			reason("NetworkAdmitsItsNode", {
				object: refOf(one),
				message: `kube-proxy hands callers from outside on to ${refOf(one)} with the node's address, and a pod on that node admits it.`,
			}),
		),
	]
}

type Exposed = Service["spec"] & {
	readonly externalTrafficPolicy?: string
	readonly externalIPs?: readonly string[]
}

function comesFromTheNode(snapshot: Snapshot, {spec}: Service): boolean {
	const {type, externalTrafficPolicy, externalIPs = []} = (spec ?? {}) as Exposed & {readonly type?: string}
	const exposed = type === "NodePort" || type === "LoadBalancer" || externalIPs.length > 0
	return (
		exposed && externalTrafficPolicy !== "Local" && !isOn(ciliumConfig(snapshot), "kube-proxy-replacement")
	)
}

function unproven(made: readonly KubeObject[]): readonly Reason[] {
	const [object] = made.filter(readsHTTP).map(refOf)
	if (object === undefined) return []
	const message = `${object} and what else Cilium's Envoy reads takes over from sidecars pod by pod.`
	return [reason("CiliumHTTPUnproven", {object, message})]
}
