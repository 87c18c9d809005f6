import {mkdirSync} from "node:fs"
import {join} from "node:path"
import {beforeEach, onTestFinished} from "vitest"
import {type BinaryName, binary} from "../../installer/sandbox/bin/catalogue.ts"
import {find} from "../../installer/sandbox/bin/resolve.ts"
import {temporaryFolder} from "../../installer/sandbox/temporary-folder.ts"

const found = async (name: BinaryName) => (await find(binary(name), {onEvent: () => {}}))?.path
const cli = await found("pulumi")
const provider = await found("pulumi-resource-kubernetes")

/** Whether Pulumi's real CLI and its real Kubernetes provider are here: named, on PATH, or built before. */
export const hasPulumi = cli !== undefined && provider !== undefined

/** Skips the tests of a file where Pulumi is not here, with the reason. */
export function needPulumi(): void {
	beforeEach(({skip}) => {
		if (!hasPulumi)
			skip("no pulumi with its provider: HEDDLE_BIN_PULUMI, HEDDLE_BIN_PULUMI_RESOURCE_KUBERNETES")
	})
}

export const pulumiCli = cli ?? ""

/** What makes a run of `heddle` use these programs, and a backend and plugins of its own. */
export function pulumiEnv(): Readonly<Record<string, string>> {
	const folder = temporaryFolder(onTestFinished)
	mkdirSync(join(folder, "home"))
	return {
		HEDDLE_BIN_PULUMI: pulumiCli,
		HEDDLE_BIN_PULUMI_RESOURCE_KUBERNETES: provider ?? "",
		HEDDLE_STATE_DIR: folder,
		HEDDLE_OFFLINE: "1",
		PULUMI_HOME: join(folder, "home"),
	}
}
