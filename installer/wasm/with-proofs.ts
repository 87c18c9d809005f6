import type {MeshProfile} from "../../crds/generated.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"

export type Profiles = {
	/** Those of the command line: what is proved of others would be written nowhere. */
	readonly given: readonly MeshProfile[]
	readonly profiles: readonly MeshProfile[]
	readonly snapshot: Snapshot
}

/**
 * Writes onto the given profiles which of their modules were inspected, where the inspection is of the same address
 * and digest, and every host that the module may get to accepts it in the version that runs. A proof says what a
 * person says: whoever hands in a file answers for it, as with `--accept`. @throws AbortError
 */
export async function withProofs<T extends Profiles>(
	files: readonly string[] | undefined,
	all: T,
): Promise<T> {
	return files === undefined ? all : await (await import("./proofs.ts")).proved(files, all)
}
