import {execFile} from "node:child_process"
import {createHash} from "node:crypto"
import {mkdtemp, readFile, rm} from "node:fs/promises"
import {tmpdir} from "node:os"
import {join} from "node:path"
import {promisify} from "node:util"
import fc from "fast-check"
import {afterAll, beforeAll, describe, expect, test} from "vitest"
import {StubHost} from "./testing/stub-host.ts"

const run = promisify(execFile)
let folder = ""
const bytesOf = (name: string) => readFile(join(folder, `${name}.wasm`))

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "heddle-modules-"))
	await run("npm", ["run", "-s", "build", "--", "--out", folder], {cwd: import.meta.dirname})
}, 300_000)
afterAll(() => rm(folder, {recursive: true, force: true}))

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex")

test("both are small", async () => {
	expect((await bytesOf("header-audit")).length).toBeLessThan(40_000)
	expect((await bytesOf("token-check")).length).toBeLessThan(40_000)
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

describe("token-check, in a stand-in for a proxy", () => {
	const check = async (tokens: readonly string[]) => {
		const host = await StubHost.load(await bytesOf("token-check"))
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

	test("a plugin that nobody configured admits nobody", async () => {
		const {host} = await check(["one"])
		expect(host.request(77, {authorization: "Bearer one"}).answer).toEqual(refusal)
	})
})

describe("a configuration that is not understood is refused, in a stand-in for a proxy", () => {
	const digest = sha256("one")
	test.each([
		["token-check", "", false],
		["token-check", "null", false],
		["token-check", "{}", false],
		["token-check", '{"sha256": []}', true],
		["token-check", `{"sha256": "${digest}"}`, true],
		["token-check", `{"sha256": ["${digest.toUpperCase()}"] }`, true],
		["token-check", `{"sha256": ["${digest.slice(1)}"]}`, false],
		["token-check", `{"sha256": ["${digest}"]} `, true],
		["token-check", `{"sha256": ["${digest}"]}}`, false],
		["token-check", `{"sha256": ["${digest}",]}`, false],
		["token-check", `{"sha256": [1]}`, false],
		["token-check", `{"sha256": ["${digest}"`, false],
		["token-check", `{"\\u0073ha256": ["${digest}"]}`, true],
		["header-audit", "{}", false],
		["header-audit", '{"headers": ["x-user"], "note": "kept for people"}', true],
	])("%s: %s → %s", async (name, configuration, accepted) => {
		const host = await StubHost.load(await bytesOf(name))
		expect(host.configure(configuration) !== undefined).toBe(accepted)
		expect(host.logs.length > 0).toBe(!accepted)
	})
})
