import type {MeshProfile} from "../../crds/generated.ts"
import type {Feature, FeatureUse} from "../../profiles/features.ts"
import {refOf} from "../../profiles/snapshot/object.ts"
import {ownName} from "./mtls.ts"

/**
 * What a dataplane must carry: what is in use, what the profile requires, and strict mutual TLS where the profile
 * asks for it. Heddle's own strictness is no use of the feature once the profile asks to give it up, and an extension
 * that Heddle brought (by its reference) is none: the profile's own word on extensions counts.
 */
export function wishesOf(
	inUse: readonly FeatureUse[],
	profile: MeshProfile,
	{namespace, brought}: {readonly namespace: string; readonly brought: ReadonlySet<string>},
): readonly FeatureUse[] {
	const {mtls, requires = [], dataplane, extensions = []} = profile.spec
	const runsModules = dataplane.mode === "Wasm" || extensions.some(({targetRef}) => targetRef === undefined)
	const wanted: readonly Feature[] = [
		...requires,
		...(mtls === "Strict" ? (["MTLSStrict"] as const) : []),
		...(runsModules ? (["WasmExtension"] as const) : []),
	]
	const own = `PeerAuthentication/${namespace}/${ownName}`
	const isGivenUp = ({name}: FeatureUse, ref: string) =>
		brought.has(ref) || (name === "MTLSStrict" && mtls === "Permissive" && ref === own)
	const given = inUse
		.map((use) => ({...use, usedBy: use.usedBy.filter((ref) => !isGivenUp(use, ref))}))
		.filter(({usedBy}) => usedBy.length > 0)
	const by = refOf(profile)
	const missing = [...new Set(wanted)].filter((name) => !given.some((use) => use.name === name))
	return [
		...given.map((use) => (wanted.includes(use.name) ? asked(use, by) : use)),
		...missing.map((name) => ({name, usedBy: [by]})),
	]
}

/** What a profile asks for by name the dataplane has to carry itself, also where the network does so already. */
const asked = ({carrier: _, ...use}: FeatureUse, by: string): FeatureUse => ({
	...use,
	usedBy: [...use.usedBy, by],
})
