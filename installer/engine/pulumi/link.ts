import {mkdir, rename, symlink} from "node:fs/promises"
import {dirname} from "node:path"

/** Links in one step, for another install may be at it. */
export async function link(target: string, path: string): Promise<void> {
	const aside = `${path}.${process.pid}`
	await mkdir(dirname(path), {recursive: true, mode: 0o700})
	await symlink(target, aside)
	await rename(aside, path)
}
