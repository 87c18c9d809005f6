import {createHash} from "node:crypto"
import {existsSync} from "node:fs"
import {mkdtemp, rm, writeFile} from "node:fs/promises"
import {tmpdir} from "node:os"
import {join} from "node:path"
import {afterAll, beforeAll, describe, expect, onTestFinished, test} from "vitest"
import {obtainEnvoy} from "../../installer/sandbox/node/envoy.ts"
import {offers} from "../../installer/wasm/host-functions/offers.ts"
import {proxyModule} from "../../installer/wasm/testing/module-bytes.ts"
import {type Envoy, EnvoyRefused, type Filter, startEnvoy} from "./envoy.ts"
import {buildExamples} from "./examples.ts"

/* The real Envoy, on the loopback interface. Where it cannot be had, every test here says so and is skipped. */

let program: string | undefined
let missing = ""
/** Why some of the modules were not built. */
let leftOut = ""
let folder = ""

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "heddle-wasm-"))
	leftOut = await buildExamples(folder)
	try {
		program = await obtainEnvoy()
	} catch (error) {
		missing = error instanceof Error ? error.message : String(error)
	}
}, 600_000)
afterAll(() => rm(folder, {recursive: true, force: true}))

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex")
const at = (name: string) => join(folder, `${name}.wasm`)

const audit: Filter = {
	name: "header-audit",
	module: "header-audit",
	config: {headers: ["x-user", "x-team"]},
}
const check: Filter = {name: "token-check", module: "token-check", config: {sha256: [sha256("let-me-in")]}}
const inRust = "token-check-rust"

async function running(skip: (reason: string) => never, ...filters: Filter[]): Promise<Envoy> {
	if (program === undefined) return skip(missing)
	if (filters.some(({module}) => module === inRust && !existsSync(at(module)))) return skip(leftOut)
	const envoy = await startEnvoy(
		program,
		filters.map((one) => ({...one, module: at(one.module)})),
	)
	onTestFinished(() => envoy.stop())
	return envoy
}

const get = (envoy: Envoy, headers: Record<string, string> = {}, path = "/cart?secret=1") =>
	fetch(`${envoy.url}${path}`, {headers})

test("header-audit: every response of a real Envoy tells what came with its request", async ({skip}) => {
	const envoy = await running(skip, audit)
	const [with1, with2, with0] = [
		await get(envoy, {"x-user": "ada"}),
		await get(envoy, {"x-user": "ada", "x-team": "loom"}),
		await get(envoy),
	]
	expect([with1, with2, with0].map(({status}) => status)).toEqual([200, 200, 200])
	expect(with1.headers.get("x-header-audit")).toBe("seen=x-user; missing=x-team")
	expect(with2.headers.get("x-header-audit")).toBe("seen=x-user,x-team; missing=")
	expect(with0.headers.get("x-header-audit")).toBe("seen=; missing=x-user,x-team")
	expect(await envoy.stats("header_audit_missing")).toEqual({"wasmcustom.header_audit_missing": 3})
	expect(envoy.logs()).toContain("header-audit: GET /cart lacks x-team")
	expect(envoy.logs()).not.toMatch(/secret=1|\bada\b/)
})

test.for([check.module, inRust])(
	"%s: a real Envoy lets known tokens through and nobody else",
	async (module, {skip}) => {
		const envoy = await running(skip, {...check, module})
		const statuses = async (authorization?: string) =>
			(await get(envoy, authorization === undefined ? {} : {authorization})).status
		expect(await statuses("Bearer let-me-in")).toBe(200)
		for (const refused of [
			undefined,
			"Bearer let-me-out",
			"Basic let-me-in",
			`Bearer ${sha256("let-me-in")}`,
		])
			expect(await statuses(refused)).toBe(401)
		const {headers, status} = await get(envoy)
		expect([status, headers.get("www-authenticate")]).toEqual([401, "Bearer"])
		const stats = await envoy.stats("^cluster.application.upstream_rq_total$")
		expect(stats["cluster.application.upstream_rq_total"]).toBe(1)
	},
)

test.for([check.module, inRust])(
	"%s before header-audit: what the first refuses, the second does not see",
	async (module, {skip}) => {
		const envoy = await running(skip, {...check, module}, audit)
		const [refused, passed] = [
			await get(envoy, {"x-user": "ada"}),
			await get(envoy, {"x-user": "ada", authorization: "Bearer let-me-in"}),
		]
		expect([refused.status, refused.headers.get("x-header-audit")]).toEqual([401, null])
		expect([passed.status, passed.headers.get("x-header-audit")]).toEqual([
			200,
			"seen=x-user; missing=x-team",
		])
	},
)

test.for([check.module, inRust])(
	"%s: two thousand requests of both kinds at once, every one gets its own answer",
	async (module, {skip}) => {
		const envoy = await running(skip, {...check, module}, audit)
		const wrong: string[] = []
		const client = async (number: number) => {
			for (let i = 0; i < 125; i++) {
				const known = (i + number) % 2 === 0
				const user = `u${number}-${i}`
				const response = await get(envoy, {
					...(known && {authorization: "Bearer let-me-in"}),
					...(i % 3 === 0 && {"x-user": user}),
				})
				const said = `${response.status} ${response.headers.get("x-header-audit")}`
				const audited = i % 3 === 0 ? "seen=x-user; missing=x-team" : "seen=; missing=x-user,x-team"
				if (said !== (known ? `200 ${audited}` : "401 null")) wrong.push(said)
				await response.arrayBuffer()
			}
		}
		await Promise.all(Array.from({length: 16}, (_, number) => client(number)))
		expect(wrong).toEqual([])
		expect(await envoy.stats("^http.in.downstream_rq_(2|4)xx$")).toEqual({
			"http.in.downstream_rq_2xx": 1_000,
			"http.in.downstream_rq_4xx": 1_000,
		})
	},
)

describe("what inspect refuses, a real Envoy refuses to start with", () => {
	const log = {module: "env", name: "proxy_log", type: "iii>i"}
	test.for([
		[
			"an import that nobody offers",
			proxyModule({imports: [{...log, name: "proxy_unheard_of"}]}),
			"missing import",
		],
		["an import of another signature", proxyModule({imports: [{...log, type: "ii>i"}]}), "type mismatch"],
		["an unknown interface", proxyModule({}, "9_9_9"), "unknown Proxy-Wasm ABI version"],
		["bytes that end too early", proxyModule({imports: [log]}).subarray(0, 40), "Wasm"],
		["a trap at once", proxyModule({functions: [{name: "f", code: [0]}], start: 0}), "Failed to"],
	] as const)("%s", async ([, bytes, message], {skip}) => {
		const module = "refused"
		await writeFile(at(module), bytes)
		await expect(running(skip, {name: module, module})).rejects.toThrow(message)
	})

	test("a configuration that the module refuses", async ({skip}) => {
		const filter = {...check, config: {sha256: "too short"}}
		await expect(running(skip, filter)).rejects.toThrow(EnvoyRefused)
	})
})

describe("what the table says that Envoy offers, a real Envoy offers", () => {
	const letters: Record<string, string> = {i32: "i", i64: "I"}
	const newest = offers.find(
		({hosts, versions}) => hosts.includes("istio-sidecar") && versions === ">=1.26.0",
	)
	const shortOf = (signature: string) => {
		const [, parameters = "", result = ""] = /^\((.*)\) -> (.*)$/.exec(signature) ?? []
		const list = parameters === "" ? [] : parameters.split(", ")
		return `${list.map((one) => letters[one]).join("")}>${letters[result] ?? ""}`
	}
	test.for(Object.entries(newest?.functions ?? {}))(
		"all that %s may import",
		async ([abi, functions], {skip}) => {
			const imports = [...functions].map(([full, signature]) => {
				const dot = full.indexOf(".")
				return {module: full.slice(0, dot), name: full.slice(dot + 1), type: shortOf(signature)}
			})
			const version = abi.replace("proxy-wasm ", "").replaceAll(".", "_")
			await writeFile(at("all"), proxyModule({imports}, version))
			const envoy = await running(skip, {name: "all", module: "all"})
			expect((await get(envoy)).status).toBe(200)
			expect(imports.length).toBeGreaterThan(70)
		},
	)
})
