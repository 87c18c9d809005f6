import {mkdtempSync, rmSync} from "node:fs"
import {tmpdir} from "node:os"
import {join} from "node:path"

/** For tests: a folder that goes away when the given hook (`onTestFinished`) says so. */
export function temporaryFolder(atEnd: (work: () => void) => void): string {
	const folder = mkdtempSync(join(tmpdir(), "heddle-test-"))
	atEnd(() => rmSync(folder, {recursive: true, force: true}))
	return folder
}
