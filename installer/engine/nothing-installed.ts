import {AbortError} from "../abort.ts"
import {exit} from "../exit.ts"
import type {ApplySet} from "./manifests/apply-set.ts"
import {home} from "./manifests/apply-set.ts"

/** @throws AbortError, always: there is no record to go on from */
export function nothingInstalled({release, name}: ApplySet): never {
	throw new AbortError(
		"NothingInstalled",
		`the cluster has no release ${release}: there is no ConfigMap ${home}/${name}`,
		{
			exit: exit.refused,
			tryMessage:
				"Name the release with --release. What another tool has installed is taken over with heddle install --adopt.",
		},
	)
}
