import {selects} from "../../../profiles/pods.ts"
import type {Reason} from "../../../profiles/reason.ts"
import {reason} from "../../../profiles/reasons.ts"
import {type KubeObject, refOf} from "../../../profiles/snapshot/object.ts"
import type {Deployment} from "../../../profiles/snapshot/shapes.ts"
import {durationMs} from "../../api/defaults.ts"
import type {Step} from "../types.ts"
import type {Workload} from "../workloads/collect.ts"
import {owned, prefix} from "./owned.ts"
import {inIstio, type Ordered, type Placed, type PlacementInput} from "./placement.ts"
import {canaryLabels, twinOf, whyNoTwin} from "./twin.ts"

/** How one extension is tried on a few pods before it comes to all that it selects. */
export type Canary = {
	/** What it comes to in the end. */
	readonly placed: Placed
	/** The same module, for the copies alone; it runs after what they have already. */
	readonly manifest: KubeObject
	/** One copy for each Deployment, tried one after the other. */
	readonly twins: readonly {readonly of: string; readonly manifest: KubeObject}[]
}

export type CanaryOf = {readonly canary: Canary | undefined; readonly reasons: readonly Reason[]}

export type CanaryInput = Pick<PlacementInput, "namespace" | "facts"> & {
	readonly workloads: readonly Workload[]
	/** The profile has gates on metrics. */
	readonly measured: boolean
}

/** The name of the object by which the copies get the module. */
const canaryName = ({extension}: Ordered): string => `${prefix}canary-${extension.name}`

/** Behind the extension that it is of, and before the one that follows. */
const half = 0.5

/**
 * What is to be tried where. An extension that nobody runs for needs no canary; one that cannot have one comes to all
 * pods at once, and a person has to say yes to that.
 */
export function canaryOf(one: Ordered, placed: Placed, input: CanaryInput): CanaryOf {
	const {extension} = one
	const object = refOf(placed.manifest)
	const without = (why: string) => withoutCanary(placed, one, why)
	if (placed.host !== "istio-sidecar")
		return without(`nothing tries it on a part of what ${placed.host} serves`)
	const selected = input.workloads.filter(
		({template, replicas}) =>
			replicas > 0 &&
			selects({matchLabels: extension.selector?.matchLabels ?? {}}, template.metadata?.labels ?? {}),
	)
	if (selected.length === 0) return {canary: undefined, reasons: []}
	if (extension.rollout === "AtOnce") return without("its rollout is AtOnce")
	const looked = selected.map((workload) => ({workload, why: obstacle(workload)}))
	const twins = looked.flatMap(({workload, why}) =>
		workload.kind === "Deployment" && why === undefined
			? [{of: workload.ref, manifest: twinOf(workload.object as Deployment, extension.name)}]
			: [],
	)
	const [obstructed] = looked.filter(({why}) => why !== undefined)
	if (twins.length === 0)
		return without(`${obstructed?.workload.ref} cannot be copied, since ${obstructed?.why}`)
	const {manifest} = inIstio(
		{
			index: one.index + half,
			extension: {...extension, selector: {matchLabels: canaryLabels(extension.name)}},
		},
		input,
		"istio-sidecar",
		{sidecars: true},
	)
	return {
		canary: {
			placed,
			manifest: owned({...manifest, metadata: {...manifest.metadata, name: canaryName(one)}}),
			twins,
		},
		reasons: unmeasured(one, object, input),
	}
}

export const withoutCanary = (placed: Placed, {extension}: Ordered, why: string): CanaryOf => ({
	canary: undefined,
	reasons: [
		reason("ExtensionWithoutCanary", {
			object: refOf(placed.manifest),
			message: `${extension.name} comes to all that it is for at once: ${why}.`,
		}),
	],
})

function obstacle(workload: Workload): string | undefined {
	return workload.kind === "Deployment"
		? whyNoTwin(workload.object)
		: "only a Deployment can have one pod more"
}

/** A module that refuses requests may refuse all of them, and only metrics tell. */
function unmeasured({extension}: Ordered, object: string, {measured}: CanaryInput): readonly Reason[] {
	if (measured || extension.failurePolicy !== "Fail") return []
	const message = `Nothing counts the requests that ${extension.name} would refuse: its canary shows that it loads.`
	return [reason("ExtensionNotMeasured", {object, message})]
}

/** Everything that stands while an extension is tried. */
export const canaryRefs = ({manifest, twins}: Canary): readonly string[] => [
	refOf(manifest),
	...twins.map((twin) => refOf(twin.manifest)),
]

/**
 * The copies first, one by one, each proved and watched; then all, by one change of one object, which restarts nothing;
 * then what only the canary needed goes. A stage of its own: going back from it leaves the pods where they are.
 */
export function canarySteps({placed, manifest, twins}: Canary, widen: Step, soak: string): readonly Step[] {
	const [extension = {name: ""}] = placed.extensions
	const {name} = extension
	const steps: readonly Step[] = [
		{
			id: `canary-${name}`,
			action: "Apply",
			object: refOf(manifest),
			note: `let only copies of pods run ${name}, beside what they run already`,
			manifest,
		},
		...twins.flatMap((twin) => tried(twin, name, soak)),
		widen,
		{
			id: `extended-${name}`,
			action: "Gate",
			object: refOf(placed.manifest),
			note: `every proxy that is to run ${name} has it, and requests pass as before`,
		},
		{
			id: `end-canary-${name}`,
			action: "Delete",
			object: refOf(manifest),
			note: "the copies are gone",
		},
	]
	return steps.map((step) => ({...step, stage: canaryStage}))
}

/** Whatever else a plan does comes before. */
const canaryStage = 1

function tried({of, manifest}: Canary["twins"][number], name: string, soak: string): readonly Step[] {
	const object = refOf(manifest)
	const slug = `${name}/${manifest.metadata.name}`
	return [
		{
			id: `copy-${slug}`,
			action: "Apply",
			object,
			note: `one more pod like those of ${of}, which takes its share of their requests`,
			manifest,
		},
		{
			id: `prove-${slug}`,
			action: "Gate",
			object,
			note: `it is ready, has ${name}, and requests pass as elsewhere`,
		},
		...(durationMs(soak) === 0
			? []
			: [{id: `watch-${slug}`, action: "Soak", object, note: `watch it for ${soak}`} as const]),
		{id: `end-${slug}`, action: "Delete", object, note: "the copy has done its part"},
	]
}
