import {mkdtempSync, rmSync} from "node:fs"
import {tmpdir} from "node:os"
import {join} from "node:path"
import {onTestFinished} from "vitest"

/** A folder of one test; it is gone when the test ends. */
export function freshFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), "heddle-cli-"))
	onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
	return folder
}
