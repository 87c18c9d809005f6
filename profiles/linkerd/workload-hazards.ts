import {annotationOf, initContainersOf} from "../pods.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import * as kinds from "../snapshot/kinds.ts"
import {refOf} from "../snapshot/object.ts"
import type {Namespace} from "../snapshot/shapes.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {type Templated, templatesIn} from "../workloads.ts"
import {controlPlane, proxiesAreNative} from "./control-plane.ts"

/** What of the workloads themselves does not bear a proxy that is no native sidecar. */
export function workloadHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const native = proxiesAreNative(snapshot)
	const own = snapshot.get(kinds.Namespace, namespace)
	const byCNI = controlPlane(snapshot)?.cni !== undefined
	return templatesIn(snapshot, namespace)
		.filter(({template}) => template.spec?.hostNetwork !== true)
		.filter((one) => !(asksForNative(one.template, own) ?? native))
		.flatMap((one) => [...jobHazard(one), ...(byCNI ? initHazard(one) : [])])
}

/** Three stages of the same annotation's life; the pod's goes before that of its namespace. */
const nativeKeys = ["config.linkerd.io", "config.beta.linkerd.io", "config.alpha.linkerd.io"].map(
	(prefix) => `${prefix}/proxy-enable-native-sidecar`,
)

function asksForNative(
	template: Templated["template"],
	namespace: Namespace | undefined,
): boolean | undefined {
	const said = [template, ...(namespace === undefined ? [] : [namespace])]
		.flatMap((one) => nativeKeys.map((key) => annotationOf(one, key)))
		.find((value) => value !== undefined)
	return said === undefined ? undefined : said === "true"
}

function jobHazard({object}: Templated): readonly Reason[] {
	if (object.kind !== "Job" && object.kind !== "CronJob") return []
	const ref = refOf(object)
	const message = `${ref} would not end: its proxy would run on.`
	const fix =
		"Set config.linkerd.io/proxy-enable-native-sidecar on it, which needs kubelets of 1.29 or newer, or leave it out with linkerd.io/inject: disabled."
	return [reason("JobsHangWithoutNativeSidecars", {object: ref, message, fix})]
}

/** With linkerd-cni traffic is redirected before any container runs; without, linkerd-init comes last. */
function initHazard({object, template}: Templated): readonly Reason[] {
	const init = initContainersOf(template.spec).filter(({name}) => !name.startsWith("linkerd-"))
	if (init.length === 0) return []
	const ref = refOf(object)
	const message = `${ref} has the init containers ${init.map(({name}) => name).join(", ")}, which would have no network.`
	const fix = "Install Linkerd with native sidecars, or accept it if they need no network."
	return [reason("InitContainersWithoutNetwork", {object: ref, message, fix})]
}
