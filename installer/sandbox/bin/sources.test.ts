import {createHash} from "node:crypto"
import {existsSync, readdirSync, readFileSync} from "node:fs"
import {createServer, type Server} from "node:http"
import type {AddressInfo} from "node:net"
import {join} from "node:path"
import {afterEach, beforeEach, expect, onTestFinished, test} from "vitest"
import {temporaryFolder} from "../temporary-folder.ts"
import {binaries, binary} from "./catalogue.ts"
import {download} from "./download.ts"
import {estimateMs, learn} from "./durations.ts"
import {goBuild} from "./go-build.ts"
import {manifestFiles} from "./manifest.ts"
import {digestFor, releaseOf} from "./releases.ts"
import {accepts, versionIn} from "./version-probe.ts"

const body = "#!/bin/sh\n"
const digest = createHash("sha256").update(body).digest("hex")
let server: Server
let stated = digest
let base = ""

beforeEach(async () => {
	server = createServer((request, answer) => answer.end(request.url?.endsWith(".sha256") ? stated : body))
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
	base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => void server.close())

const release = () => ({url: `${base}/tool`, checksumUrl: `${base}/tool.sha256`})
const target = () => join(temporaryFolder(onTestFinished), "tool")

test("a download whose digest is as stated is kept, executable", async () => {
	stated = digest
	const path = target()
	expect(await download(release(), path, {env: {}})).toBeUndefined()
	expect(readFileSync(path, "utf8")).toBe(body)
})

test("a download with another digest is refused and leaves nothing; its host is not asked again", async () => {
	stated = "0".repeat(64)
	const path = target()
	expect(await download(release(), path, {env: {}})).toMatch(/SHA-256 is/)
	expect(existsSync(path)).toBe(false)
	expect(readdirSync(join(path, ".."))).toEqual([])
	stated = digest
	expect(await download(release(), path, {env: {}})).toMatch(/SHA-256 is/)
})

test("nothing is asked for when downloads are off", async () => {
	expect(await download(release(), target(), {env: {HEDDLE_OFFLINE: "1"}})).toMatch(/HEDDLE_OFFLINE/)
})

test("a digest is read from one-line files and from lists, and nothing else is taken for one", () => {
	expect(digestFor("https://x/kube-apiserver", digest)).toBe(digest)
	expect(digestFor("https://x/b.tgz", `${"1".repeat(64)}  a.tgz\n${digest}  b.tgz\n`)).toBe(digest)
	expect(digestFor("https://x/c.tgz", `${"1".repeat(64)}  a.tgz\n${digest}  b.tgz\n`)).toBeUndefined()
	expect(digestFor("https://x/c", "<html>not found</html>")).toBeUndefined()
})

test("only artefacts with a stated checksum can be downloaded", () => {
	expect(releaseOf(binary("kube-apiserver"), "linux", "arm64")?.url).toMatch(/linux\/arm64\/kube-apiserver$/)
	expect(releaseOf(binary("kube-apiserver"), "darwin", "arm64")).toBeUndefined()
	expect(releaseOf(binary("pilot-discovery"), "linux", "amd64")).toBeUndefined()
})

test("versions are found in what programs print", () => {
	expect(versionIn("Kubernetes v1.36.3")).toBe("1.36.3")
	expect(versionIn("etcd Version: 3.7.3\nGit SHA: …")).toBe("3.7.3")
	expect(versionIn("no idea")).toBeUndefined()
	expect(accepts(binary("kube-scheduler"), "1.36.9")).toBe(true)
	expect(accepts(binary("kube-scheduler"), "1.35.9")).toBe(false)
	expect(accepts(binary("kube-scheduler"), undefined)).toBe(false)
})

test("estimates start from the table and follow what this machine took", () => {
	const cache = temporaryFolder(onTestFinished)
	const etcd = binary("etcd")
	expect(estimateMs(etcd, cache, 2)).toBe(35_000)
	expect(estimateMs(etcd, cache, 8)).toBeLessThan(20_000)
	learn(etcd, cache, 60_000)
	expect(estimateMs(etcd, cache, 2)).toBe(60_000)
	learn(etcd, cache, 500) // all of it came from Go's own cache
	expect(estimateMs(etcd, cache, 2)).toBe(60_000)
})

test.each([...new Set(binaries.map(({group}) => group)), "gateway-api" as const])(
	"%s: the lock file holds module hashes only",
	(group) => {
		const sum = manifestFiles(group).find(({name}) => name === "go.sum")?.text ?? ""
		expect(
			sum
				.trim()
				.split("\n")
				.filter((line) => !/^\S+ v\S+ h1:[A-Za-z0-9+/]{43}=$/.test(line)),
		).toEqual([])
	},
)

test("a build that fails names the program, the command and the compiler's words", async () => {
	const broken = {...binary("etcd"), package: "go.etcd.io/etcd/server/v3/no-such-package"}
	const failure = goBuild(broken, target())
	await expect(failure).rejects.toThrow(/building etcd 3\.7\.3 failed[\s\S]*go build[\s\S]*no-such-package/)
})
