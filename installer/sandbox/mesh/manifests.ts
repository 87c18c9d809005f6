import {execFile} from "node:child_process"
import {createHash} from "node:crypto"
import {mkdir, readdir, readFile, rename, writeFile} from "node:fs/promises"
import {join} from "node:path"
import {promisify} from "node:util"
import {istioVersion} from "../bin/catalogue.ts"
import {moduleFolder} from "../bin/go-module.ts"
import {manifestFiles} from "../bin/manifest.ts"
import type {KubeObject} from "../kube/client.ts"
import {istioImages} from "../node/images.ts"
import {cacheRoot} from "../paths.ts"
import {withLock} from "../proc/lock.ts"
import type {Size} from "../state.ts"

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

const common = [
	// With the validator for objects that name no revision, as an installation of the default revision has it.
	"values.defaultRevision=default",
	// The one istiod is a process of the sandbox: nothing to scale.
	"values.pilot.autoscaleEnabled=false",
]

const istioSettings: Record<Size, readonly string[]> = {
	kwok: ["profile=ambient", "hub=registry.istio.io/release", `tag=${istioVersion}`, ...common],
	node: [
		"profile=minimal",
		`hub=${istioImages.hub}`,
		`tag=${istioImages.tag}`,
		...common,
		"values.global.imagePullPolicy=IfNotPresent",
		// The sidecars' Envoy is a stock one: these need filters that only Istio's own build has.
		"values.telemetry.enabled=false",
		"values.pilot.env.PILOT_ENABLE_METADATA_EXCHANGE=false",
		"values.pilot.env.PILOT_ENABLE_ALPN_FILTER=false",
		// Counters of requests that came in, from which Prometheus' rules take Istio's.
		"meshConfig.defaultConfig.proxyStatsMatcher.inclusionPrefixes[0]=http.inbound",
		"values.pilot.resources.requests.cpu=50m",
		"values.pilot.resources.requests.memory=256Mi",
		// Dozens of sidecars on one small machine.
		"values.global.proxy.resources.requests.cpu=10m",
		"values.global.proxy.resources.requests.memory=40Mi",
	],
}

/** A second control plane beside the default one, for moves from revision to revision. */
const ofRevision = (revision: string) => [`revision=${revision}`]

export type IstioWish = {
	istioctl: string
	size: Size
	revision?: string
	/** Settings after those of the size, which they overrule. */
	more?: readonly string[]
	signal?: AbortSignal | undefined
}

/** What Istio's own installer would apply: the ambient profile, which serves sidecars as well, or istiod alone. */
export function istioManifests({
	istioctl,
	size,
	revision,
	more = [],
	signal,
}: IstioWish): Promise<KubeObject[]> {
	const settings = [...istioSettings[size], ...more, ...(revision === undefined ? [] : ofRevision(revision))]
	const key = createHash("sha256")
		.update([istioctl, ...settings].join("\0"))
		.digest("hex")
		.slice(0, 12)
	return cachedJson(`istio-${istioVersion}-${key}`, signal, async () => {
		const args = ["manifest", "generate", ...settings.flatMap((setting) => ["--set", setting])]
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
		const folder = join(
			await moduleFolder("gateway-api", "sigs.k8s.io/gateway-api", signal),
			"config",
			"crd",
			"standard",
		)
		const files = (await readdir(folder)).filter((name) => name.endsWith(".yaml"))
		const texts = await Promise.all(files.map((name) => readFile(join(folder, name), "utf8")))
		const objects = (await Promise.all(texts.map(parseYaml))).flat()
		return objects.filter(({kind}) => kind === "CustomResourceDefinition")
	})
}
