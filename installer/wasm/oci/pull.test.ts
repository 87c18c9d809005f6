import {mkdtemp, rm, writeFile} from "node:fs/promises"
import {tmpdir} from "node:os"
import {join} from "node:path"
import {gzipSync} from "node:zlib"
import {afterEach, beforeEach, describe, expect, test} from "vitest"
import {proxyModule} from "../testing/module-bytes.ts"
import {archiveOf, type Blob, StandInRegistry} from "../testing/registry.ts"
import {type Credentials, credentialsFor} from "./credentials.ts"
import {mediaTypes} from "./layouts.ts"
import {pull} from "./pull.ts"
import {unpack} from "./unpack.ts"

const module = proxyModule()
const artifact: Blob[] = [
	{mediaType: mediaTypes.moduleLayer, bytes: module},
	{mediaType: "application/vnd.module.wasm.config.v1+json", bytes: Buffer.from("{}")},
]

let registry: StandInRegistry
beforeEach(async () => {
	registry = await StandInRegistry.start()
})
afterEach(() => registry.stop())

const nobody = async () => undefined
const ada = async (): Promise<Credentials> => ({user: registry.user, password: registry.password})

const get = (rest: string, credentials: () => Promise<Credentials | undefined> = nobody) =>
	pull(`oci://${registry.host}/team/module${rest}`, {
		plainHttp: true,
		signal: AbortSignal.timeout(30_000),
		credentials,
	})

describe("every layout that is in use (a stand-in for the registry)", () => {
	test("an artifact of two layers, by tag, shown by digest", async () => {
		const digest = registry.push("1.0.0", artifact)
		const {bytes, image} = await get(":1.0.0")
		expect(Buffer.compare(bytes, module)).toBe(0)
		expect(image).toEqual({name: `${registry.host}/team/module`, tag: "1.0.0", digest, layout: "artifact"})
	})

	test.each([
		["compat (Docker)", mediaTypes.dockerManifest, mediaTypes.dockerLayer],
		["compat (OCI)", mediaTypes.ociManifest, mediaTypes.ociLayer],
	] as const)("%s: plugin.wasm of the last layer", async (layout, manifestType, mediaType) => {
		const first = {mediaType, bytes: await archiveOf({"plugin.wasm": Buffer.from("an older one")})}
		const last = {
			mediaType,
			bytes: await archiveOf({README: Buffer.from("hello"), "opt/plugin.wasm": module}),
		}
		const digest = registry.push("latest", [first, last], manifestType)
		const {bytes, image} = await get("")
		expect(Buffer.compare(bytes, module)).toBe(0)
		expect(image).toMatchObject({tag: "latest", digest, layout})
	})

	test("an artifact of one layer and one of the CNCF are had, and told apart", async () => {
		registry.push("one", artifact.slice(0, 1))
		registry.push("cncf", [{mediaType: mediaTypes.cncfLayer, bytes: module}])
		expect((await get(":one")).image?.layout).toBe("artifact of one layer")
		expect((await get(":cncf")).image?.layout).toBe("CNCF artifact")
	})

	test("an index leads to its image for linux/amd64, and both digests are shown", async () => {
		const digest = registry.push("inner", artifact)
		const platform = (architecture: string) => ({os: "linux", architecture})
		const entry = {mediaType: mediaTypes.ociManifest, size: 1}
		const index = registry.pushManifest("many", mediaTypes.ociIndex, {
			manifests: [
				{...entry, digest: `sha256:${"0".repeat(64)}`, platform: platform("arm64")},
				{...entry, digest, platform: platform("amd64")},
			],
		})
		expect((await get(":many")).image).toMatchObject({digest, index, tag: "many"})
	})

	test("an image of something else says what it is", async () => {
		registry.push("chart", [
			{mediaType: "application/vnd.cncf.helm.chart.content.v1.tar+gzip", bytes: module},
		])
		await expect(get(":chart")).rejects.toThrow("its layers are application/vnd.cncf.helm.chart")
		registry.pushManifest("odd", mediaTypes.ociManifest, {
			layers: [{mediaType: "x", digest: "md5:1", size: 1}],
		})
		await expect(get(":odd")).rejects.toThrow("layers.0.digest is no sha256 digest")
	})
})

describe("who asks (a stand-in for the registry)", () => {
	test.each(["basic", "bearer"] as const)("%s: with the credentials that it asks for", async (auth) => {
		registry.push("1.0.0", artifact)
		registry.auth = auth
		expect((await get(":1.0.0", ada)).bytes).toHaveLength(module.length)
		await expect(get(":1.0.0")).rejects.toThrow(/does not let (everybody|this user) read/)
	})

	test("an identity token is exchanged for an access token", async () => {
		registry.push("1.0.0", artifact)
		registry.auth = "bearer"
		await get(":1.0.0", async () => ({identityToken: "long-lived"}))
		expect(registry.seen).toContain("POST /token nobody")
	})

	test("blobs elsewhere are followed, and the credentials stay where they belong", async () => {
		const store = await StandInRegistry.start()
		try {
			store.push("1.0.0", artifact)
			registry.push("1.0.0", artifact)
			registry.auth = "basic"
			registry.elsewhere = `http://${store.host}`
			await get(":1.0.0", ada)
			expect(store.seen).toEqual([
				expect.stringMatching(/^GET \/v2\/team\/module\/blobs\/sha256:\w+ nobody$/),
			])
		} finally {
			await store.stop()
		}
	})

	test("without TLS only where it is asked for", async () => {
		const address = `oci://${registry.host}/team/module:1.0.0`
		const options = {plainHttp: false, signal: AbortSignal.timeout(30_000)}
		await expect(pull(address, options)).rejects.toThrow(/cannot be reached/)
		expect(registry.seen).toEqual([])
	})
})

describe("what is not what was promised is refused (a stand-in for the registry)", () => {
	test.each([
		["truncated blob", "the layer ends after"],
		["other blob", "was promised"],
		["other manifest", "was promised"],
		["redirects without end", "redirects more than 5 times"],
	] as const)("%s", async (fault, message) => {
		registry.push("1.0.0", artifact)
		registry.fault = fault
		await expect(get(":1.0.0")).rejects.toThrow(message)
	})

	test("by digest, the digest is what counts", async () => {
		const digest = registry.push("1.0.0", artifact)
		expect((await get(`:other-tag@${digest}`)).image).toEqual({
			name: `${registry.host}/team/module`,
			digest,
			layout: "artifact",
		})
		await expect(get(`@sha256:${"0".repeat(64)}`)).rejects.toThrow("has no manifests sha256:0000")
	})

	test("a tag that is not there, a registry that is not there", async () => {
		await expect(get(":2.0.0")).rejects.toThrow("has no manifests 2.0.0")
		const {host} = registry
		await registry.stop()
		await expect(
			pull(`oci://${host}/team/module`, {plainHttp: true, signal: AbortSignal.timeout(30_000)}),
		).rejects.toThrow("cannot be reached")
		registry = await StandInRegistry.start()
	})

	test.each([
		["oci://acme/module", "acme is no registry"],
		["oci://ghcr.io/Acme/module", "Acme/module is no name of a repository"],
		["oci://ghcr.io/acme/module@sha256:12", "64 hexadecimal digits"],
		["oci://ghcr.io", "it names no image"],
	])("%s is no reference", async (address, message) => {
		await expect(pull(address, {plainHttp: false, signal: AbortSignal.timeout(1000)})).rejects.toThrow(
			message,
		)
	})
})

describe("unpacking a layer", () => {
	const bounds = {layer: 1 << 20, module: 1 << 16}
	test("a small layer that unpacks to a large one is stopped", async () => {
		const bomb = gzipSync(Buffer.alloc(64 << 20))
		expect(bomb.length).toBeLessThan(100_000)
		await expect(unpack(bomb, "x", bounds)).rejects.toThrow("unpacks to more than 1 MiB")
		const large = await archiveOf({"plugin.wasm": Buffer.alloc(1 << 17)})
		await expect(unpack(large, "x", bounds)).rejects.toThrow("plugin.wasm of x is larger than 1 MiB")
	})

	test("cut off, of another kind, or without a module", async () => {
		const whole = await archiveOf({"plugin.wasm": module})
		await expect(unpack(whole.subarray(0, -9), "x", bounds)).rejects.toThrow("no whole gzip")
		await expect(unpack(Buffer.from("plain"), "x", bounds)).rejects.toThrow("no whole gzip")
		await expect(unpack(gzipSync(Buffer.from("x".repeat(2048))), "x", bounds)).rejects.toThrow(
			"no whole archive",
		)
		await expect(unpack(await archiveOf({"other.wasm": module}), "x", bounds)).rejects.toThrow(
			"no plugin.wasm",
		)
	})
})

describe("what docker login left", () => {
	let folder = ""
	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), "heddle-docker-"))
	})
	afterEach(() => rm(folder, {recursive: true, force: true}))
	const having = async (config: object | string) => {
		await writeFile(join(folder, "config.json"), typeof config === "string" ? config : JSON.stringify(config))
		return (registryName: string) => credentialsFor(registryName, {DOCKER_CONFIG: folder})
	}
	const auth = Buffer.from("ada:pass:word").toString("base64")

	test("is read for the registry that it is of", async () => {
		const asked = await having({
			auths: {
				"ghcr.io": {auth},
				"https://quay.io": {username: "bob", password: "secret"},
				"https://index.docker.io/v1/": {identitytoken: "long-lived"},
			},
		})
		expect(await asked("ghcr.io")).toEqual({user: "ada", password: "pass:word"})
		expect(await asked("quay.io")).toEqual({user: "bob", password: "secret"})
		expect(await asked("index.docker.io")).toEqual({identityToken: "long-lived"})
		expect(await asked("registry.example")).toBeUndefined()
		expect(await credentialsFor("ghcr.io", {DOCKER_CONFIG: join(folder, "nowhere")})).toBeUndefined()
	})

	test("a helper that is not there is named", async () => {
		const asked = await having({credsStore: "heddle-missing", auths: {"ghcr.io": {}}})
		await expect(asked("ghcr.io")).rejects.toThrow("names docker-credential-heddle-missing for ghcr.io")
	})

	test("a file that cannot be read says which", async () => {
		await expect((await having("{"))("ghcr.io")).rejects.toThrow(join(folder, "config.json"))
		const asked = await having({auths: {"ghcr.io": {auth: "###"}}})
		await expect(asked("ghcr.io")).rejects.toThrow("auths.ghcr.io.auth")
	})
})
