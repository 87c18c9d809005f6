import type {MeshProfile} from "../../crds/generated.ts"
import type {Feature, FeatureUse} from "../../profiles/features.ts"
import {refOf} from "../../profiles/snapshot/object.ts"
import {ownName} from "./mtls.ts"

/**
 * What a dataplane must carry: what is in use, what the profile requires, and strict mutual TLS where the profile
 * asks for it. Heddle's own strictness is no use of the feature once the profile asks to give it up.
 */
export function wishesOf(
	inUse: readonly FeatureUse[],
	profile: MeshProfile,
	namespace: string,
): readonly FeatureUse[] {
	const {mtls, requires = [], dataplane} = profile.spec
	const wanted: readonly Feature[] = [
		...requires,
		...(mtls === "Strict" ? (["MTLSStrict"] as const) : []),
		...(dataplane.mode === "Wasm" ? (["WasmExtension"] as const) : []),
	]
	const own = `PeerAuthentication/${namespace}/${ownName}`
	const given = inUse
		.map((use) =>
			use.name === "MTLSStrict" && mtls === "Permissive"
				? {...use, usedBy: use.usedBy.filter((ref) => ref !== own)}
				: use,
		)
		.filter(({usedBy}) => usedBy.length > 0)
	const by = refOf(profile)
	const missing = [...new Set(wanted)].filter((name) => !given.some((use) => use.name === name))
	return [
		...given.map((use) => (wanted.includes(use.name) ? {...use, usedBy: [...use.usedBy, by]} : use)),
		...missing.map((name) => ({name, usedBy: [by]})),
	]
}
