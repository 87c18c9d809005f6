import {mkdir, readdir, readFile, rename, writeFile} from "node:fs/promises"
import {join} from "node:path"
import {messageOf} from "../sandbox/errors.ts"
import {cacheRoot} from "../sandbox/paths.ts"
import {exists} from "./charts/chart-folder.ts"
import {moduleFolder} from "./charts/go-module.ts"
import {SourceError} from "./charts/source-error.ts"
import {objectsOf} from "./charts/tidy.ts"
import type {Manifest} from "./manifest.ts"

/** A release of the Gateway API's CRDs, and of the policy that keeps them from being downgraded. */
export type GatewayApiPart = {
	readonly from: "gateway-api"
	readonly version: string
	readonly channel: "standard" | "experimental"
	readonly folder?: string
}

/** Versions whose Go module is known by its checksum: these need no download page. */
const modules: Readonly<Record<string, string>> = {
	"1.6.0": "h1:735YBRj5NXFrOGX0GoSjwzUIzbz8kiEOfADsqHFmHgE=",
	"1.6.1": "h1:mock6phZbI6rvZerwrVNk7hVNymQgHo+6sJ81Ia7ftY=",
}

const fileName = ({version, channel}: GatewayApiPart) => `gateway-api-${version}-${channel}.yaml`
const address = ({version, channel}: GatewayApiPart) =>
	`https://github.com/kubernetes-sigs/gateway-api/releases/download/v${version}/${channel}-install.yaml`

/** @throws SourceError */
export async function gatewayApiObjects(part: GatewayApiPart): Promise<Manifest[]> {
	return objectsOf(await releaseText(part), `the Gateway API ${part.version}`)
}

async function releaseText(part: GatewayApiPart): Promise<string> {
	const {folder} = part
	const file = join(folder ?? join(cacheRoot(), "charts"), fileName(part))
	if (await exists(file)) return await readFile(file, "utf8")
	if (folder !== undefined) throw missing(part, `${file} does not exist`)
	const problems: string[] = []
	for (const source of [fromModule, fromRelease]) {
		try {
			const text = await source(part)
			if (text !== undefined) return await keep(file, text)
		} catch (error) {
			problems.push(messageOf(error))
		}
	}
	throw missing(part, problems.join("; "))
}

async function fromModule({version, channel}: GatewayApiPart): Promise<string | undefined> {
	const sum = modules[version]
	if (sum === undefined) return undefined
	const root = await moduleFolder({path: "sigs.k8s.io/gateway-api", version: `v${version}`, sum})
	const folder = join(root, "config", "crd", channel)
	const names = (await readdir(folder)).filter(
		(name) => name.endsWith(".yaml") && name !== "kustomization.yaml",
	)
	const texts = await Promise.all(names.sort().map((name) => readFile(join(folder, name), "utf8")))
	return texts.join("\n---\n")
}

async function fromRelease(part: GatewayApiPart): Promise<string> {
	if (process.env.HEDDLE_OFFLINE === "1") throw new Error("downloads are off (HEDDLE_OFFLINE=1)")
	const response = await fetch(address(part), {signal: AbortSignal.timeout(30_000)})
	if (!response.ok) throw new Error(`HTTP ${response.status} for ${address(part)}`)
	return await response.text()
}

async function keep(file: string, text: string): Promise<string> {
	const aside = `${file}.${process.pid}`
	await mkdir(join(file, ".."), {recursive: true})
	await writeFile(aside, text)
	await rename(aside, file)
	return text
}

function missing(part: GatewayApiPart, why: string): SourceError {
	return new SourceError(
		`the CRDs of the Gateway API ${part.version} cannot be had: ${why}`,
		`Fetch ${address(part)} where the network is, and put it into the folder of --chart-dir or HEDDLE_CHART_DIR as ${fileName(part)}.`,
		{nextSteps: [`curl -fLo charts/${fileName(part)} ${address(part)}`]},
	)
}
