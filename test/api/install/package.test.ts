import {execFile} from "node:child_process"
import {chmodSync, writeFileSync} from "node:fs"
import {createRequire} from "node:module"
import {delimiter, dirname, join, resolve} from "node:path"
import {promisify} from "node:util"
import {expect, onTestFinished, test} from "vitest"
import * as infra from "../../../installer/infra/index.ts"
import {onPath} from "../../../installer/sandbox/bin/version-probe.ts"
import {temporaryFolder} from "../../../installer/sandbox/temporary-folder.ts"
import {needPulumi, pulumiCli, pulumiEnv} from "../../kit/pulumi.ts"

/* What Pulumi's real CLI makes of this repository as a package for its other languages. */

needPulumi()
const root = resolve(import.meta.dirname, "../../..")
const slow = {timeout: 600_000}
const host = await onPath("pulumi-language-nodejs")

type Schema = {readonly name: string; readonly resources: Readonly<{[token: string]: unknown}>}

async function schemaOf(source: string): Promise<Schema> {
	const env = {...process.env, ...pulumiEnv()}
	const path = [dirname(process.execPath), env.PATH].join(delimiter)
	const {stdout} = await promisify(execFile)(pulumiCli, ["package", "get-schema", source], {
		env: {
			...env,
			PATH: path,
			PULUMI_BACKEND_URL: `file://${env.HEDDLE_STATE_DIR}`,
			PULUMI_SKIP_UPDATE_CHECK: "true",
		},
		maxBuffer: 64 << 20,
	})
	return JSON.parse(stdout) as Schema
}

const componentsOf = ({resources}: Schema) => Object.keys(resources).map((token) => token.split(":").at(-1))
const all = Object.keys(infra).sort()

test("the CLI reads the schema of every component from the provider that they make", slow, async () => {
	const launcher = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run-plugin/index.js")
	const program = join(temporaryFolder(onTestFinished), "pulumi-resource-heddle")
	writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${launcher}" "${root}" "$@"\n`)
	chmodSync(program, 0o755)
	const schema = await schemaOf(program)
	expect([schema.name, componentsOf(schema)]).toEqual(["heddle", all])
})

test(
	"`pulumi package get-schema` of the folder gives the same, by Pulumi's language host",
	slow,
	async ({skip}) => {
		if (host === undefined) return skip("no pulumi-language-nodejs on PATH")
		expect(componentsOf(await schemaOf(root))).toEqual(all)
	},
)
