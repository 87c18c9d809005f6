import {spawnSync} from "node:child_process"
import {fileURLToPath} from "node:url"
import {expect, test} from "vitest"

const generate = (...args: string[]) =>
	spawnSync(process.execPath, [fileURLToPath(new URL("./generate.ts", import.meta.url)), ...args], {
		encoding: "utf8",
	})

test("the generated types match the CRDs", () => {
	const {status, stderr} = generate("--check")
	expect({status, stderr}).toEqual({status: 0, stderr: ""})
})

test("an argument that it does not know writes nothing", () => {
	const {status, stderr} = generate("--chekc")
	expect(status).toBe(2)
	expect(stderr).toContain("unknown argument --chekc")
})
