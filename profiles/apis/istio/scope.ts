import {perSnapshot} from "../../memo.ts"
import {annotationOf, selects} from "../../pods.ts"
import type {Kind} from "../../snapshot/kinds.ts"
import type {KubeObject, StringMap} from "../../snapshot/object.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {podLabelsIn} from "../../workloads.ts"
import {Gateway} from "../gateway-api/kinds.ts"
import {namespaceOfHost} from "../hosts.ts"
import {type Field, readSpec} from "../read.ts"
import {rootNamespaces} from "./control-plane.ts"

export type TargetRef = {readonly kind: string; readonly name: string; readonly namespace?: string}

/** What a policy applies to: `targetRefs`, or the pods of its selector, or, without both, its whole scope. */
export type Attachment = {readonly selector?: StringMap; readonly targetRefs: readonly TargetRef[]}

export function readAttachment(spec: Field, selectorName = "selector"): Attachment {
	const single = spec.at("targetRef")
	const refs = [...spec.at("targetRefs").items(), ...(single.present ? [single] : [])]
	const selector = spec.at(selectorName)
	const labels = selector.at(selectorName === "selector" ? "matchLabels" : "labels").stringMap()
	return {
		...(selector.present && Object.keys(labels).length > 0 ? {selector: labels} : {}),
		targetRefs: refs.map((ref) => {
			const namespace = ref.at("namespace").text()
			return {
				kind: ref.at("kind").text() ?? "",
				name: ref.at("name").text() ?? "",
				...(namespace ? {namespace} : {}),
			}
		}),
	}
}

const yes = ["1", "t", "T", "true", "TRUE", "True"]

/** A policy that is only tried out, by any word that Go reads as true; what is no such word is passed over. */
export const isDryRun = (object: KubeObject): boolean =>
	yes.includes(annotationOf(object, "istio.io/dry-run") ?? "")

/** Objects of a kind in the namespace, and those of the root namespaces that reach into it. */
export function policiesFor(
	snapshot: Snapshot,
	kind: Kind,
	namespace: string,
	attachmentOf: (object: KubeObject) => Attachment,
): readonly KubeObject[] {
	const own = snapshot
		.list(kind, namespace)
		.filter((object) => !isForIngressOnly(snapshot, object, attachmentOf(object)))
	const mesh = rootNamespaces(snapshot)
		.filter((root) => root !== namespace)
		.flatMap((root) => snapshot.list(kind, root))
		.filter((object) => reaches(snapshot, namespace, attachmentOf(object)))
	return [...own, ...mesh]
}

/** A policy of a root namespace reaches another one unless it is attached to a gateway or selects no pod there. */
function reaches(snapshot: Snapshot, namespace: string, {selector, targetRefs}: Attachment): boolean {
	if (targetRefs.length > 0) return targetRefs.some(({kind}) => kind === "GatewayClass")
	return (
		selector === undefined ||
		podLabelsIn(snapshot, namespace).some((labels) => selects({matchLabels: selector}, labels))
	)
}

/** What is attached to an ingress gateway is enforced there, whatever dataplane the namespace is on. */
function isForIngressOnly(snapshot: Snapshot, object: KubeObject, {targetRefs}: Attachment): boolean {
	return (
		targetRefs.length > 0 &&
		targetRefs.every(({kind, name}) => {
			if (kind !== "Gateway") return false
			const gateway = snapshot.get(Gateway, name, object.metadata.namespace)
			return gateway !== undefined && gateway.spec?.gatewayClassName !== "istio-waypoint"
		})
	)
}

/** True when a configuration object is visible to another namespace; by default it is visible to all. */
function isVisibleTo(exportTo: readonly string[], namespace: string): boolean {
	return exportTo.length === 0 || exportTo.includes("*") || exportTo.includes(namespace)
}

/**
 * Objects with `hosts` or `host` that concern a namespace: its own, and those of others that name one of its
 * services and that it can see.
 */
export function byHost(kind: Kind): (snapshot: Snapshot, namespace: string) => readonly KubeObject[] {
	const index = perSnapshot((snapshot) => {
		const found = new Map<string, KubeObject[]>()
		for (const object of snapshot.list(kind)) {
			const own = object.metadata.namespace ?? ""
			const {hosts, exportTo} = readSpec(object, readHosts).value
			for (const target of new Set(hosts.map((host) => namespaceOfHost(host, own)))) {
				if (target === undefined || target === own || !isVisibleTo(exportTo, target)) continue
				found.set(target, [...(found.get(target) ?? []), object])
			}
		}
		return found
	})
	return (snapshot, namespace) => {
		const foreign = ["*", namespace].flatMap((key) => index(snapshot).get(key) ?? [])
		return [
			...snapshot.list(kind, namespace),
			...foreign.filter(({metadata}) => metadata.namespace !== namespace),
		]
	}
}

function readHosts(spec: Field) {
	const host = spec.at("host").text()
	return {
		hosts: [...spec.at("hosts").texts(), ...(host ? [host] : [])],
		exportTo: spec.at("exportTo").texts(),
	}
}
