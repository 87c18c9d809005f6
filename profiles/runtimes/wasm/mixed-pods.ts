import {annotationOf, containersOf, initContainersOf} from "../../pods.ts"
import type {Reason} from "../../reason.ts"
import {reason} from "../../reasons.ts"
import * as kinds from "../../snapshot/kinds.ts"
import {refOf} from "../../snapshot/object.ts"
import type {Container, PodTemplate} from "../../snapshot/shapes.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import type {Templated} from "../../workloads.ts"
import {asksForDapr, isMeant} from "../dapr/keys.ts"
import type {RuntimeMove} from "../runtime.ts"
import type {Handler} from "./runtime-class.ts"

/** The native containers that would run beside the module. */
function sidecars(workload: Templated, {to, injects, wish}: RuntimeMove): readonly string[] {
	const dapr = asksForDapr(workload.template) || isMeant(workload, wish)
	return [...(injects ? [`the proxy of ${to}`] : []), ...(dapr ? ["daprd"] : [])]
}

/** crun looks at each container by either of these (crun#829, containers/crun PR#886). */
const looks = (template: PodTemplate): boolean =>
	annotationOf(template, "module.wasm.image/variant") === "compat-smart" ||
	annotationOf(template, "run.oci.handler") === "wasm-smart"

/** What a pod of modules needs so that a native sidecar runs beside them. */
export function mixedPodHazards(
	snapshot: Snapshot,
	workload: Templated,
	{handler, move}: {readonly handler: Handler; readonly move: RuntimeMove},
): readonly Reason[] {
	const beside = sidecars(workload, move)
	if (beside.length === 0) return []
	const object = refOf(workload.object)
	const names = beside.join(" and ")
	return [
		...sidecarHazard({object, names, handler, template: workload.template}),
		...initHazard(snapshot, object, move),
	]
}

type Mixed = {
	readonly object: string
	readonly names: string
	readonly handler: Handler
	readonly template: PodTemplate
}

function sidecarHazard({object, names, handler, template}: Mixed): readonly Reason[] {
	if (looks(template)) return []
	if (handler.shim === "crun")
		return [reason("WasmSidecarNotSmart", {object, message: `crun would run ${names} as a module.`})]
	const why =
		handler.shim === "spin"
			? "older shims of Spin did not run native containers"
			: "runwasi runs native containers beside a module, if this handler is runwasi's"
	return [reason("WasmSidecarShimUnproven", {object, message: `${names} would run beside a module: ${why}.`})]
}

/** The DaemonSets that set the redirection up on the node, so that no pod needs NET_ADMIN for it. */
const cniAgents: Readonly<Record<string, string>> = {
	"istio-sidecar": "istio-cni-node",
	linkerd: "linkerd-cni",
}

function initHazard(snapshot: Snapshot, object: string, {to, injects}: RuntimeMove): readonly Reason[] {
	const agent = cniAgents[to]
	if (!injects || agent === undefined) return []
	if (snapshot.list(kinds.DaemonSet).some(({metadata}) => metadata.name === agent)) return []
	const message = `${to} would add an init container with NET_ADMIN: there is no ${agent}.`
	return [reason("WasmPrivilegedInit", {object, message})]
}

const runsCommand = ({readinessProbe, livenessProbe, startupProbe, lifecycle}: Container): boolean =>
	[readinessProbe, livenessProbe, startupProbe].some((probe) => probe?.exec !== undefined) ||
	[lifecycle?.preStop].some((hook) => hook !== undefined && "exec" in hook)

/** Commands that the kubelet would run in a module. */
export function commandHazards({object, template}: Templated): readonly Reason[] {
	const named = [...initContainersOf(template.spec), ...containersOf(template.spec)].filter(runsCommand)
	if (named.length === 0) return []
	const names = named.map(({name}) => name).join(", ")
	const ref = refOf(object)
	return [reason("WasmExecProbe", {object: ref, message: `A probe or a hook runs a command in ${names}.`})]
}
