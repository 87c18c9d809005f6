import {coerce} from "semver"
import type {Node} from "../snapshot/shapes.ts"

/** The kernel of a node as `major.minor.patch`; distributions append their own, such as `5.15.0-91-generic`. */
export function kernelOf({status}: Node): string | undefined {
	const parsed = coerce(status?.nodeInfo?.kernelVersion)
	return parsed === null ? undefined : parsed.version
}
