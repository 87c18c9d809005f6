import type {MeshProfile} from "../../crds/generated.ts"
import {MeshProfile as profileKind} from "../../operator/api/kinds.ts"
import {parseProfile} from "../../operator/plan/validate/profile.ts"
import {kindIdOf} from "../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import {refOf} from "../../profiles/snapshot/object.ts"
import {AbortError, invalidInput} from "../abort.ts"

export const isProfile = (object: KubeObject): boolean => kindIdOf(object) === profileKind.id

/** @throws AbortError naming every field that is wrong, and its fix */
export function validProfiles(objects: readonly KubeObject[]): MeshProfile[] {
	const details: string[] = []
	const profiles: MeshProfile[] = []
	for (const object of objects) {
		const parsed = parseProfile(object)
		if ("profile" in parsed) profiles.push(parsed.profile)
		else
			details.push(
				...parsed.problems.map(({field, message, fix}) => `${refOf(object)} ${field}: ${message}; ${fix}`),
			)
	}
	if (details.length === 0) return profiles
	throw new AbortError(
		"InvalidProfile",
		`${details.length === 1 ? "a field" : `${details.length} fields`} of the profiles cannot be used`,
		{details, tryMessage: "Correct the fields above; `kubectl explain meshprofile.spec` describes each."},
	)
}

/** What `--profile` names has to be profiles, all of it. */
export function onlyProfiles(objects: readonly KubeObject[]): readonly KubeObject[] {
	const other = objects.find((object) => !isProfile(object))
	if (other !== undefined)
		throw invalidInput(`--profile takes MeshProfiles, and ${refOf(other)} (${other.apiVersion}) is none`, {
			tryMessage: "Give objects of a cluster with --from-files.",
		})
	return objects
}
