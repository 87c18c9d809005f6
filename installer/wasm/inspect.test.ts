import {execFile} from "node:child_process"
import {createHash} from "node:crypto"
import {promisify} from "node:util"
import fc from "fast-check"
import {describe, expect, test} from "vitest"
import type {HostName} from "../../profiles/wasm-hosts/host.ts"
import {inspect} from "./inspect.ts"
import {confinement} from "./sandbox/run.ts"
import {moduleBytes, type Parts, proxyModule} from "./testing/module-bytes.ts"
import type {Image, Inspection} from "./types.ts"

const look = (bytes: Uint8Array, host: HostName = "istio-sidecar", image?: Image) =>
	inspect(
		{address: "some.wasm", bytes, ...(image && {image})},
		{asked: [{host}], limits: {memoryMiB: 16, milliseconds: 10_000}},
	)

const of = ({hosts}: Inspection, host: HostName, version: string) =>
	hosts.find((one) => one.host === host && one.versions.startsWith(version))
const codes = (inspection: Inspection, host: HostName, version: string) =>
	of(inspection, host, version)?.reasons.map(({code}) => code)

const log = {module: "env", name: "proxy_log", type: "iii>i"}
const wasi = (name: string, type: string) => ({module: "wasi_snapshot_preview1", name, type})

test("a module that asks for nothing else is what it says, and every Envoy runs it", async () => {
	const bytes = proxyModule({imports: [log]})
	const seen = await look(bytes)
	expect(seen).toMatchObject({
		abi: ["proxy-wasm 0.2.1"],
		bytes: bytes.length,
		sha256: createHash("sha256").update(bytes).digest("hex"),
		pin: {sha256: seen.sha256, of: "the module"},
		imports: [{module: "env", name: "proxy_log", kind: "function", type: "(i32, i32, i32) -> i32"}],
		memory: {initialMiB: 1 / 16},
		run: {outcome: "ran"},
		verdict: "Accepted",
	})
	const accepted = new Set(seen.hosts.filter((one) => one.accepted).map(({host}) => host))
	expect([...accepted].sort()).toEqual([
		"apisix",
		"envoy-gateway",
		"istio-gateway",
		"istio-sidecar",
		"istio-waypoint",
		"openresty",
	])
})

describe("what a host does not have is named, host by host", () => {
	const cases: [string, Parts, HostName, string, string[]][] = [
		[
			"Go 1.24 on an old Envoy",
			{imports: [wasi("sched_yield", ">i")]},
			"istio-sidecar",
			">=1.16",
			["ImportNotOffered"],
		],
		["Go 1.24 on Envoy 1.33", {imports: [wasi("sched_yield", ">i")]}, "istio-sidecar", ">=1.26", []],
		["Go 1.24 on Envoy Gateway 1.3", {imports: [wasi("sched_yield", ">i")]}, "envoy-gateway", ">=1.3", []],
		[
			"Go 1.26's files",
			{imports: [wasi("path_unlink_file", "iii>i")]},
			"istio-sidecar",
			">=1.26",
			["ImportNotOffered"],
		],
		["the same on Wasmtime", {imports: [wasi("path_unlink_file", "iii>i")]}, "openresty", "*", []],
		[
			"an import of nobody's",
			{imports: [{module: "env", name: "abort", type: "iiii>"}]},
			"istio-sidecar",
			">=1.26",
			["ImportNotOffered"],
		],
		["another signature", {imports: [{...log, type: "ii>i"}]}, "istio-sidecar", ">=1.26", ["ImportDiffers"]],
		[
			"a metric as the standard has it, on nginx",
			{imports: [{module: "env", name: "proxy_get_metric", type: "ii>i"}]},
			"apisix",
			"*",
			["ImportDiffers"],
		],
		[
			"an answer, on MOSN",
			{imports: [{module: "env", name: "proxy_send_local_response", type: "iiiiiiii>i"}]},
			"mosn",
			">=1.0.0",
			["ABINotOffered"],
		],
		["no memory", {memory: null}, "istio-sidecar", ">=1.26", ["NoMemory"]],
		["a memory of another name", {memory: {minimum: 1, as: "mem"}}, "istio-sidecar", ">=1.26", []],
		["the same on nginx", {memory: {minimum: 1, as: "mem"}}, "apisix", "*", ["NoMemory"]],
	]
	test.each(cases)("%s", async (...[, parts, host, versions, expected]) => {
		expect(codes(await look(proxyModule(parts), host), host, versions)).toEqual(expected)
	})

	test("MOSN, of 0.2.0, lacks what SDKs answer with", async () => {
		const answer = {module: "env", name: "proxy_send_local_response", type: "iiiiiiii>i"}
		const functions = [{name: "malloc", type: "i>i", code: [0x41, 0]}]
		const seen = await look(proxyModule({imports: [answer], functions}, "0_2_0"), "mosn")
		expect(of(seen, "mosn", ">=1.0.0")?.reasons).toEqual([
			{
				code: "ImportNotOffered",
				message: "it imports env.proxy_send_local_response, which is not known to be offered there",
			},
		])
	})

	test("0.1.0's own functions are offered to its modules alone", async () => {
		const parts = {imports: [{module: "env", name: "proxy_clear_route_cache", type: ">i"}]}
		expect(codes(await look(proxyModule(parts, "0_1_0")), "istio-sidecar", ">=1.26")).toEqual([])
		expect(codes(await look(proxyModule(parts, "0_2_0")), "istio-sidecar", ">=1.26")).toEqual([
			"ImportNotOffered",
		])
	})

	test("no allocator: a header could not be handed over", async () => {
		const seen = await look(moduleBytes({functions: [{name: "proxy_abi_version_0_2_0"}]}))
		expect(codes(seen, "istio-sidecar", ">=1.26")).toEqual(["NoAllocator"])
		expect(seen.verdict).toBe("Refused")
	})
})

describe("other kinds of modules are told by name, and no proxy runs them", () => {
	const handle = {name: "handle_request", type: ">I", code: [0x42, 0]}
	const cases: [string, Parts, string[]][] = [
		["http-wasm", {functions: [handle]}, ["http-wasm"]],
		[
			"a command",
			{imports: [wasi("fd_write", "iiii>i")], functions: [{name: "_start"}]},
			["WASI preview 1 (command)"],
		],
		["a library", {}, []],
		["a later proxy-wasm", {functions: [{name: "proxy_abi_version_0_3_0"}]}, ["proxy-wasm 0.3.0"]],
	]
	test.each(cases)("%s", async (_name, parts, abi) => {
		const seen = await look(moduleBytes(parts))
		expect(seen.abi).toEqual(abi)
		expect(seen.hosts.every(({accepted}) => !accepted)).toBe(true)
		expect(codes(seen, "istio-sidecar", ">=1.26")).toEqual(["ABINotOffered"])
	})
})

describe("in the sandbox", () => {
	const loop = [0x03, 0x40, 0x0c, 0, 0x0b]
	const unreachable = [0x00]
	/** Grows its memory by 64 MiB, and traps where it got it. */
	const grow = [0x41, ...[0x80, 8], 0x40, 0, 0x41, ...[0x7f], 0x47, 0x04, 0x40, 0x00, 0x0b]

	test.each([
		[
			"a trap at once",
			{functions: [{name: "f", code: unreachable}], start: 0},
			"at instantiate: unreachable",
		],
		[
			"a trap in its own start",
			{functions: [{name: "_initialize", code: unreachable}]},
			"at _initialize: unreachable",
		],
		["too much memory to begin with", {memory: {minimum: 1000}}, "needs 63 MiB of memory to begin with"],
		["code that is none", {functions: [{name: "f", code: [0xff]}]}, "at compile:"],
	] as const)("%s: no host runs it", async (_name, parts, message) => {
		const seen = await look(proxyModule(parts))
		expect(seen.run).toMatchObject({outcome: "failed", message: expect.stringContaining(message)})
		expect(codes(seen, "istio-sidecar", ">=1.26")).toEqual(["DoesNotStart"])
		expect(seen.verdict).toBe("Refused")
	})

	test("a module that never comes to an end is ended", async () => {
		const bytes = proxyModule({functions: [{name: "_start", code: loop}]})
		const seen = await inspect(
			{address: "loop", bytes},
			{asked: [], limits: {memoryMiB: 16, milliseconds: 3000}},
		)
		expect(seen.run).toEqual({
			outcome: "failed",
			stages: ["compile", "instantiate", "_start"],
			message: "in the sandbox, at _start: it did not come to an end in time",
		})
	})

	test("memory does not grow beyond the limit, whatever the module allows itself", async () => {
		const seen = await look(proxyModule({functions: [{name: "_initialize", code: grow}]}))
		expect(seen.run).toMatchObject({outcome: "ran", memoryMiB: 1})
	})

	test("what the engine itself takes is bounded too, and the end of its process is no end of ours", async () => {
		const seen = await inspect(
			{address: "large", bytes: proxyModule({functions: [{name: "_start", code: loop}]})},
			{asked: [], limits: {memoryMiB: 16, milliseconds: 20_000, processMiB: 10}},
		)
		expect(seen.run).toMatchObject({
			outcome: "failed",
			message: expect.stringContaining("it takes more than 10 MiB, its engine included"),
		})
	})

	test("endless recursion is a stack that ends", async () => {
		// Calls itself: the index of its own function behind those of the marker and the allocator.
		const seen = await look(proxyModule({functions: [{name: "_start", code: [0x10, 2]}]}))
		expect(seen.run).toMatchObject({outcome: "failed", message: expect.stringContaining("call stack")})
	})

	test.each(["__proto__", "constructor", "toString"])(
		"an import by the name %s reaches nothing",
		async (odd) => {
			const bytes = proxyModule({imports: [{module: odd, name: odd, type: "i>i"}]})
			const seen = await look(bytes)
			expect(seen.run).toMatchObject({outcome: "ran"})
			expect(codes(seen, "istio-sidecar", ">=1.26")).toEqual(["ImportNotOffered"])
		},
	)

	test("its process has no files and may start no other", async () => {
		const program = `
			const code = (act) => { try { act(); return "allowed" } catch (error) { return error.code } }
			console.log([
				code(() => require("node:fs").readFileSync("/etc/passwd")),
				code(() => require("node:fs").writeFileSync("/tmp/heddle-escaped", "")),
				code(() => require("node:child_process").spawnSync("true")),
			].join(" "))`
		const {stdout} = await promisify(execFile)(process.execPath, [...confinement, "-e", program], {env: {}})
		expect(stdout.trim()).toBe("ERR_ACCESS_DENIED ERR_ACCESS_DENIED ERR_ACCESS_DENIED")
	})

	test("who ends the wait ends the inspection", async () => {
		const bytes = proxyModule({functions: [{name: "_start", code: loop}]})
		const signal = AbortSignal.timeout(1000)
		await expect(inspect({address: "loop", bytes}, {asked: [], signal})).rejects.toThrow("timeout")
	})
})

describe("bytes that are no module", () => {
	const whole = proxyModule({imports: [log]})
	test.each([
		["nothing", [], "it is empty"],
		["gzip", [0x1f, 0x8b, 8, 0], "compressed with gzip"],
		["zip", [0x50, 0x4b, 3, 4], "a zip archive"],
		["a native program", [0x7f, 0x45, 0x4c, 0x46], "a native program"],
		["text", [..."(module)"].map((one) => one.charCodeAt(0)), "the text format"],
		["a page", [..."<!DOCTYPE html>"].map((one) => one.charCodeAt(0)), "a web page"],
		["anything else", [1, 2, 3], "a module begins with"],
		["a component", [0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0], "a WebAssembly component"],
		["a version of tomorrow", [0, 0x61, 0x73, 0x6d, 2, 0, 0, 0], "a version that nobody runs"],
		["an endless count", [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 0xff, 0xff, 0xff, 0xff, 0x0f], "announces"],
	])("%s", async (_name, bytes, message) => {
		await expect(look(Uint8Array.from(bytes))).rejects.toThrow(message)
	})

	const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
	const leb4 = (value: number) => [
		(value & 127) | 128,
		((value >> 7) & 127) | 128,
		((value >> 14) & 127) | 128,
		value >> 21,
	]
	const sectionOf = (id: number, body: Uint8Array) =>
		Buffer.concat([Uint8Array.from([id, ...leb4(body.length)]), body])

	test("sections with more entries than a call has room for are read, and with more than engines take refused", async () => {
		const {parseModule} = await import("./binary/module.ts")
		const types = (count: number) => {
			const body = Buffer.alloc(4 + count * 3)
			body.set(leb4(count))
			for (let i = 0; i < count; i++) body[4 + i * 3] = 0x60
			return Buffer.concat([Uint8Array.from(header), sectionOf(1, body)])
		}
		expect(parseModule(types(300_000)).imports).toEqual([])
		expect(() => parseModule(types(1_000_001))).toThrow("engines take 1000000")
		const many = Buffer.concat([Uint8Array.from(header), Buffer.alloc(200_004)])
		expect(() => parseModule(many)).toThrow(/more than 100000 sections|ends/)
	})

	test("a number that never ends, and a name that is too long", async () => {
		const {parseModule} = await import("./binary/module.ts")
		const endless = Uint8Array.from([...header, 1, ...Array.from({length: 40}, () => 0x80), 0])
		expect(() => parseModule(endless)).toThrow("a number that never ends")
		const name = Buffer.concat([Uint8Array.from([1, ...leb4(200_000)]), Buffer.alloc(200_010, 0x61)])
		const long = Buffer.concat([Uint8Array.from(header), sectionOf(7, name)])
		expect(() => parseModule(long)).toThrow("a name of 200000 bytes")
	})

	test("cut off anywhere, it is refused and nothing else happens", async () => {
		// A cut between two sections leaves a module that is whole and lacks what a proxy needs.
		for (let size = 8; size < whole.length; size++) {
			const seen = await look(whole.subarray(0, size)).catch((error: Error) => error.name)
			expect(typeof seen === "string" ? seen : seen.verdict).toMatch(/MalformedModule|Refused/)
		}
	}, 300_000)

	test("any bytes are read or refused as malformed", async () => {
		const {parseModule} = await import("./binary/module.ts")
		fc.assert(
			fc.property(fc.uint8Array({maxLength: 200}), (rest) => {
				const bytes = Uint8Array.from([...whole.subarray(0, 8), ...rest])
				try {
					parseModule(bytes)
				} catch (error) {
					expect((error as Error).name).toBe("MalformedModule")
				}
			}),
		)
	})
})
