import type {MeshProfile, MeshProfileSpec} from "../../../crds/generated.ts"
import type {Plane} from "./state.ts"

/** Where the namespaces of a draft are to go. `profiles`: where the cluster's own profiles send them. */
export type Target =
	| {readonly kind: "profiles"}
	| {readonly kind: "mode"; readonly mode: "Auto" | "None"}
	| {readonly kind: "provider"; readonly mode: "Sidecar" | "Sidecarless"; readonly provider: Provider}
type Provider = NonNullable<MeshProfileSpec["dataplane"]["provider"]>

/** What a person has put together and not yet started. */
export type Draft = {
	readonly namespaces: readonly string[]
	readonly target: Target
	/** Every target that may be chosen, in the order in which a key goes through them. */
	readonly targets: readonly Target[]
	readonly accept: readonly string[]
	/** Absent when the cluster's profiles decide. */
	readonly profile?: MeshProfile
}

export type DraftInput = {
	readonly namespaces: readonly string[]
	readonly profiles: readonly MeshProfile[]
	readonly planes: readonly Plane[]
	/** Every one of the namespaces has a profile that decides for it. */
	readonly decided: boolean
}

export function draftOf({namespaces, profiles, planes, decided}: DraftInput): Draft {
	const targets = targetsOf(planes, decided)
	const names = [...namespaces].sort()
	const target = targets[0] ?? {kind: "mode", mode: "Auto"}
	return {namespaces: names, target, targets, accept: [], ...profileOf({names, target, profiles})}
}

export function nextTarget(draft: Draft, profiles: readonly MeshProfile[]): Draft {
	const {targets, namespaces: names, accept} = draft
	const at = targets.findIndex((one) => targetName(one) === targetName(draft.target))
	const target = targets[(at + 1) % targets.length] ?? draft.target
	return {namespaces: names, target, targets, accept, ...profileOf({names, target, profiles})}
}

export const withAccepted = (draft: Draft, codes: readonly string[]): Draft => ({
	...draft,
	accept: [...new Set(codes)].sort(),
})

export function targetName(target: Target): string {
	if (target.kind === "profiles") return "as their profiles say"
	return target.kind === "provider" ? target.provider : target.mode
}

function targetsOf(planes: readonly Plane[], decided: boolean): readonly Target[] {
	const providers = planes.flatMap(({name, family, revision}): Target[] =>
		family === "None" || revision === undefined
			? []
			: [{kind: "provider", mode: family, provider: name as Provider}],
	)
	const unique = [...new Map(providers.map((one) => [targetName(one), one])).values()]
	return [
		...(decided ? [{kind: "profiles"} as const] : []),
		{kind: "mode", mode: "Auto"},
		...unique,
		{kind: "mode", mode: "None"},
	]
}

type ProfileInput = {
	readonly names: readonly string[]
	readonly target: Target
	readonly profiles: readonly MeshProfile[]
}

/** The profile that says what a person chose: for these namespaces by name, and above every other. */
function profileOf({names, target, profiles}: ProfileInput): {profile?: MeshProfile} {
	if (target.kind === "profiles") return {}
	const highest = Math.max(-10, ...profiles.map(({spec}) => spec.priority ?? 0))
	const dataplane =
		target.kind === "provider" ? {mode: target.mode, provider: target.provider} : {mode: target.mode}
	const profile: MeshProfile = {
		apiVersion: "heddle.dev/v1alpha1",
		kind: "MeshProfile",
		metadata: {name: profileName(names)},
		spec: {
			namespaceSelector: {
				matchExpressions: [{key: "kubernetes.io/metadata.name", operator: "In", values: names}],
			},
			priority: highest + 10,
			dataplane,
		},
	}
	return {profile}
}

/** `cart`, or `cart-and-3-more`: a valid name of an object, and the same for the same namespaces. */
function profileName(names: readonly string[]): string {
	const [first = "namespaces"] = names
	const rest = names.length > 1 ? `-and-${names.length - 1}-more` : ""
	return `${first.slice(0, 63 - rest.length).replace(/-+$/, "")}${rest}`
}
