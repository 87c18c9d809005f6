import {createHash} from "node:crypto"
import {mkdtempSync, rmSync, writeFileSync} from "node:fs"
import {createServer, type Server} from "node:http"
import type {AddressInfo} from "node:net"
import {tmpdir} from "node:os"
import {join} from "node:path"
import {afterAll, beforeAll, describe, expect, test} from "vitest"
import {heddle, jsonOf} from "../../test/kit/cli.ts"
import {mediaTypes} from "../wasm/oci/layouts.ts"
import {proxyModule} from "../wasm/testing/module-bytes.ts"
import {StandInRegistry} from "../wasm/testing/registry.ts"
import type {Inspection} from "../wasm/types.ts"

type Failure = {readonly kind: string; readonly code: string; readonly message: string}

const folder = mkdtempSync(join(tmpdir(), "heddle-wasm-"))
const module = proxyModule({imports: [{module: "env", name: "proxy_log", type: "iii>i"}]})
const sha256 = createHash("sha256").update(module).digest("hex")
const file = join(folder, "module.wasm")
const go = join(folder, "go.wasm")

let server: Server
beforeAll(async () => {
	writeFileSync(file, module)
	writeFileSync(
		go,
		proxyModule({imports: [{module: "wasi_snapshot_preview1", name: "sched_yield", type: ">i"}]}),
	)
	server = createServer((request, response) =>
		request.url === "/module.wasm" ? response.end(module) : response.writeHead(404).end(),
	)
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
})
afterAll(async () => {
	rmSync(folder, {recursive: true, force: true})
	await new Promise((resolve) => server.close(resolve))
})

const inspect = (...args: string[]) => heddle(["wasm", "inspect", ...args])

test("a module that every host of Heddle's runs: 0, in words and as JSON alike", async () => {
	const [text, json] = await Promise.all([
		inspect(file, "--sha256", sha256.toUpperCase()),
		inspect(file, "-o", "json"),
	])
	expect(text.stderr).toBe("")
	expect(text.code).toBe(0)
	expect(text.stdout.replace(/\s+/g, " ")).toContain(`${sha256} (of the module; what a profile pins)`)
	expect(text.stdout).toMatch(/✓ +istio-waypoint/)
	expect(json.code).toBe(0)
	expect(jsonOf<Inspection>(json)).toMatchObject({
		kind: "WasmInspection",
		verdict: "Accepted",
		pin: {sha256, of: "the module"},
		run: {outcome: "ran"},
	})
})

describe("only who is asked counts", () => {
	test.each([
		["all versions", [], 3],
		["a version that has it", ["--host", "istio-sidecar@1.31.0"], 0],
		["a version that has it not", ["--host", "istio-sidecar@1.24.3"], 3],
		["one that does and one that does not", ["--host", "envoy-gateway@1.5.0", "--host", "mosn"], 3],
	] as const)("%s", async (_name, args, code) => {
		expect((await inspect(go, ...args)).code).toBe(code)
	})
})

test("from an address, from a registry, and the digest of the wrong thing", async () => {
	const registry = await StandInRegistry.start()
	try {
		const digest = registry.push("1.0.0", [
			{mediaType: mediaTypes.moduleLayer, bytes: module},
			{mediaType: "application/vnd.module.wasm.config.v1+json", bytes: Buffer.from("{}")},
		])
		const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/module.wasm`
		const image = `oci://${registry.host}/team/module:1.0.0`
		const env = {DOCKER_CONFIG: folder}
		const plain = ["--plain-http", "-o", "json"]
		const [url, oci, wrong, noTLS] = await Promise.all([
			inspect(address, ...plain),
			heddle(["wasm", "inspect", image, "--sha256", digest, ...plain], {env}),
			heddle(["wasm", "inspect", image, "--sha256", sha256, "--plain-http"], {env}),
			inspect(address, "-o", "json"),
		])
		expect(jsonOf<Inspection>(url).sha256).toBe(sha256)
		expect(oci.code).toBe(0)
		expect(jsonOf<Inspection>(oci)).toMatchObject({
			pin: {sha256: digest.slice("sha256:".length), of: "the image's manifest"},
			image: {tag: "1.0.0", digest, layout: "artifact"},
		})
		expect(wrong.code).toBe(3)
		expect(wrong.stdout.replace(/\s+/g, " ")).toContain(
			"is the digest of the module, and hosts compare the one of the image's manifest",
		)
		expect(noTLS.code).toBe(3)
		expect(jsonOf<Failure>(noTLS)).toMatchObject({kind: "Error", code: "CannotFetch"})
	} finally {
		await registry.stop()
	}
})

describe("bad input says what is wrong, and nothing else is printed", () => {
	test.each([
		["no file", [join(folder, "nowhere.wasm")], 2, "nowhere.wasm cannot be read"],
		["a folder", [folder], 2, "is no file"],
		["another scheme", ["ftp://x/y.wasm"], 2, "ftp:// is no way to get a module"],
		["no image", ["oci://module"], 2, "it names no image"],
		["no host", [file, "--host", "linkerd"], 2, "The hosts are istio-sidecar"],
		["half a version", [file, "--host", "mosn@1.2"], 2, "Give a whole version, such as mosn@1.31.0"],
		[
			"an unknown version",
			[file, "--host", "istio-sidecar@1.2.0"],
			2,
			"nothing is known of istio-sidecar in version 1.2.0",
		],
		["half a digest", [file, "--sha256", "abc"], 2, "64 hexadecimal digits"],
		["no module", [import.meta.filename], 3, "it is no WebAssembly module"],
	] as const)("%s", async (_name, args, code, message) => {
		const run = await inspect(...args, "-o", "json")
		expect(run.code).toBe(code)
		expect(jsonOf<Failure>(run).message + (jsonOf<{fix?: string}>(run).fix ?? "")).toContain(message)
	})
})
