import {execFile} from "node:child_process"
import {createHash} from "node:crypto"
import {mkdtemp, readFile, rm} from "node:fs/promises"
import {tmpdir} from "node:os"
import {join} from "node:path"
import {promisify} from "node:util"
import fc from "fast-check"
import {afterAll, beforeAll, beforeEach, describe, expect, test} from "vitest"
import {whyNoRust} from "./rust.ts"
import {StubHost} from "./testing/stub-host.ts"

const run = promisify(execFile)
let folder = ""
let noRust: string | undefined
const bytesOf = (name: string) => readFile(join(folder, `${name}.wasm`))

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "heddle-modules-"))
	noRust = await whyNoRust()
	await run("npm", ["run", "-s", "build", "--", "--out", folder], {cwd: import.meta.dirname})
}, 300_000)
afterAll(() => rm(folder, {recursive: true, force: true}))

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex")

test("all are small", async () => {
	expect((await bytesOf("header-audit")).length).toBeLessThan(40_000)
	expect((await bytesOf("token-check")).length).toBeLessThan(40_000)
	if (noRust === undefined) expect((await bytesOf("token-check-rust")).length).toBeLessThan(80_000)
})

describe("header-audit, in a stand-in for a proxy", () => {
	const audit = async (headers: readonly string[]) => {
		const host = await StubHost.load(await bytesOf("header-audit"))
		return {host, root: host.configure({headers}) ?? 0}
	}

	test("tells in the response what came and what did not, and never a value", async () => {
		const {host, root} = await audit(["x-user", "x-team"])
		const {answer, added} = host.request(root, {"x-user": "ada", ":path": "/cart?secret=1"})
		expect(answer).toBeUndefined()
		expect(added).toEqual([["x-header-audit", "seen=x-user; missing=x-team"]])
		expect(host.logs).toEqual(["header-audit: GET /cart lacks x-team"])
	})

	test("counts what is missing, and says nothing where nothing is", async () => {
		const {host, root} = await audit(["x-user", "x-team"])
		host.request(root)
		host.request(root, {"x-user": "ada", "x-team": "loom"})
		expect(host.counters.get("header_audit_missing")).toBe(2)
		expect(host.logs).toHaveLength(1)
	})

	test("two plugins in one machine do not mix", async () => {
		const {host, root} = await audit(["x-user"])
		const other = host.configure({headers: ["x-team"]}) ?? 0
		expect(host.request(other, {"x-user": "ada"}).added).toEqual([
			["x-header-audit", "seen=; missing=x-team"],
		])
		expect(host.request(root, {"x-user": "ada"}).added).toEqual([["x-header-audit", "seen=x-user; missing="]])
	})

	test("takes no more memory for a hundred thousand requests than for ten thousand", async () => {
		const {host, root} = await audit(["x-user", "x-team"])
		const many = (count: number) => {
			for (let i = 0; i < count; i++) host.request(root, {"x-user": "ada".repeat(50)})
			return host.memoryBytes
		}
		expect(many(100_000)).toBe(many(10_000))
	})
})

describe.each(["token-check", "token-check-rust"])("%s, in a stand-in for a proxy", (module) => {
	beforeEach(({skip}) => {
		if (module === "token-check-rust" && noRust !== undefined) skip(noRust)
	})
	const check = async (tokens: readonly string[]) => {
		const host = await StubHost.load(await bytesOf(module))
		return {host, root: host.configure({sha256: tokens.map(sha256)}) ?? 0}
	}
	const refusal = {
		status: 401,
		body: "a known token is needed\n",
		headers: [["www-authenticate", "Bearer"]],
	}

	test("a known token passes, whichever of several", async () => {
		const {host, root} = await check(["one", "two"])
		expect(host.request(root, {authorization: "Bearer one"}).answer).toBeUndefined()
		expect(host.request(root, {authorization: "bearer two"}).answer).toBeUndefined()
	})

	test.each([
		["nothing", {}],
		["another token", {authorization: "Bearer three"}],
		["the digest instead", {authorization: `Bearer ${sha256("one")}`}],
		["another scheme", {authorization: "Basic one"}],
		["the token alone", {authorization: "one"}],
		["an empty token", {authorization: "Bearer "}],
	])("%s: 401", async (_name, headers) => {
		const {host, root} = await check(["one", "two"])
		expect(host.request(root, headers).answer).toEqual(refusal)
	})

	test("any token passes if and only if its digest is there", async () => {
		const known = ["", "a", "ä€😀", "x".repeat(55), "x".repeat(56), "x".repeat(64), "x".repeat(1000)]
		const {host, root} = await check(known)
		fc.assert(
			fc.property(fc.oneof(fc.constantFrom(...known), fc.string({maxLength: 200})), (token) => {
				const passes = host.request(root, {authorization: `Bearer ${token}`}).answer === undefined
				expect(passes).toBe(known.includes(token))
			}),
		)
	})

	test("takes no more memory for a hundred thousand requests than for ten thousand", async () => {
		const {host, root} = await check(["one"])
		const many = (count: number) => {
			for (let i = 0; i < count; i++) host.request(root, {authorization: `Bearer ${"x".repeat(500)}`})
			return host.memoryBytes
		}
		expect(many(100_000)).toBe(many(10_000))
	})

	test("a plugin that nobody configured admits nobody", async () => {
		const {host} = await check(["one"])
		expect(host.request(77, {authorization: "Bearer one"}).answer).toEqual(refusal)
	})
})

describe("a configuration that is not understood is refused, in a stand-in for a proxy", () => {
	const digest = sha256("one")
	const ofTokenCheck = [
		["", false],
		["null", false],
		["{}", false],
		['{"sha256": []}', true],
		[`{"sha256": "${digest}"}`, true],
		[`{"sha256": ["${digest.toUpperCase()}"] }`, true],
		[`{"sha256": ["${digest.slice(1)}"]}`, false],
		[`{"sha256": ["+${digest.slice(1)}"]}`, false],
		[`{"sha256": ["${digest}"]} `, true],
		[`{"sha256": ["${digest}"]}}`, false],
		[`{"sha256": ["${digest}",]}`, false],
		[`{"sha256": [1]}`, false],
		[`{"sha256": ["${digest}"`, false],
		[`{"\\u0073ha256": ["${digest}"]}`, true],
		[`{"\\u+073ha256": ["${digest}"]}`, false],
		[`{"sha256": ["${digest}"], "note": "\\ud83d\\ude00"}`, true],
	] as const
	test.for([
		...ofTokenCheck.map((one) => ["token-check", ...one] as const),
		...ofTokenCheck.map((one) => ["token-check-rust", ...one] as const),
		["header-audit", "{}", false] as const,
		["header-audit", '{"headers": ["x-user"], "note": "kept for people"}', true] as const,
	])("%s: %s → %s", async ([name, configuration, accepted], {skip}) => {
		if (name === "token-check-rust" && noRust !== undefined) skip(noRust)
		const host = await StubHost.load(await bytesOf(name))
		expect(host.configure(configuration) !== undefined).toBe(accepted)
		expect(host.logs.length > 0).toBe(!accepted)
	})
})
