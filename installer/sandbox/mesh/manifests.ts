import {execFile} from "node:child_process"
import {createHash} from "node:crypto"
import {mkdir, readdir, readFile, rename, writeFile} from "node:fs/promises"
import {join} from "node:path"
import {promisify} from "node:util"
import {istioVersion} from "../bin/catalogue.ts"
import {go} from "../bin/go-build.ts"
import {manifestFiles, manifestFolder} from "../bin/manifest.ts"
import {SandboxError} from "../errors.ts"
import type {KubeObject} from "../kube/client.ts"
import {cacheRoot} from "../paths.ts"
import {withLock} from "../proc/lock.ts"

const run = promisify(execFile)

/** Kept as JSON: parsing a megabyte of YAML at every start would cost most of a second. */
async function cachedJson(name: string, signal: AbortSignal | undefined, make: () => Promise<KubeObject[]>) {
	const folder = join(cacheRoot(), "data")
	const path = join(folder, `${name}.json`)
	const read = async (): Promise<KubeObject[] | undefined> => {
		const text = await readFile(path, "utf8").catch(() => undefined)
		return text === undefined ? undefined : JSON.parse(text)
	}
	const had = await read()
	if (had) return had
	await mkdir(folder, {recursive: true})
	return withLock(join(folder, `${name}.lock`), {signal}, async () => {
		const made = (await read()) ?? (await make())
		const aside = `${path}.${process.pid}`
		await writeFile(aside, JSON.stringify(made))
		await rename(aside, path)
		return made
	})
}

async function parseYaml(text: string): Promise<KubeObject[]> {
	const {parseAllDocuments} = await import("yaml")
	// Templates that render to nothing leave empty documents behind.
	return parseAllDocuments(text).flatMap((document) => document.toJS() ?? [])
}

const istioSettings = [
	"profile=ambient",
	"hub=registry.istio.io/release",
	`tag=${istioVersion}`,
	// With the validator for objects that name no revision, as an installation of the default revision has it.
	"values.defaultRevision=default",
	// The one istiod is a process of the sandbox: nothing to scale.
	"values.pilot.autoscaleEnabled=false",
]

/** What Istio's own installer would apply for its ambient profile, which serves sidecars as well. */
export function istioManifests(istioctl: string, signal?: AbortSignal): Promise<KubeObject[]> {
	const key = createHash("sha256")
		.update([istioctl, ...istioSettings].join("\0"))
		.digest("hex")
		.slice(0, 12)
	return cachedJson(`istio-${istioVersion}-${key}`, signal, async () => {
		const args = ["manifest", "generate", ...istioSettings.flatMap((setting) => ["--set", setting])]
		const {stdout} = await run(istioctl, args, {maxBuffer: 64 << 20, ...(signal && {signal})})
		return (await parseYaml(stdout)).filter(({kind}) => kind !== "HorizontalPodAutoscaler")
	})
}

/** The standard channel, read from the Go module that publishes it. */
export function gatewayApiManifests(signal?: AbortSignal): Promise<KubeObject[]> {
	const pin = manifestFiles("gateway-api")
		.map(({text}) => text)
		.join("")
	const key = createHash("sha256").update(pin).digest("hex").slice(0, 12)
	return cachedJson(`gateway-api-${key}`, signal, async () => {
		const folder = join(await moduleFolder(signal), "config", "crd", "standard")
		const files = (await readdir(folder)).filter((name) => name.endsWith(".yaml"))
		const texts = await Promise.all(files.map((name) => readFile(join(folder, name), "utf8")))
		const objects = (await Promise.all(texts.map(parseYaml))).flat()
		return objects.filter(({kind}) => kind === "CustomResourceDefinition")
	})
}

async function moduleFolder(signal: AbortSignal | undefined): Promise<string> {
	const {code, output} = await go(
		["mod", "download", "-json", "sigs.k8s.io/gateway-api"],
		manifestFolder("gateway-api"),
		signal,
	)
	const folder = /"Dir": "(.*)"/.exec(output)?.[1]
	if (code === 0 && folder) return folder
	throw new SandboxError(
		`cannot fetch the Gateway API module:\n    ${output.trim()}`,
		"Is the Go module proxy reachable (`go env GOPROXY`)?",
	)
}
