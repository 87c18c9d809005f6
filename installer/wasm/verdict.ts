import {intersects, satisfies} from "semver"
import type {ABI, HostName, WasmHost} from "../../profiles/wasm-hosts/host.ts"
import {wasmHosts} from "../../profiles/wasm-hosts/hosts.ts"
import {abiOf} from "./abi.ts"
import type {Import, Module} from "./binary/module.ts"
import {type Offer, offers} from "./host-functions/offers.ts"
import type {Functions} from "./host-functions/signatures.ts"
import type {Run} from "./sandbox/run.ts"
import type {HostVerdict, Image, Layout, Refusal} from "./types.ts"

/** A host that has to accept the module; in any version that Heddle knows, where none is given. */
export type Asked = {readonly host: HostName; readonly version?: string}

/** Hosts to which Heddle itself brings modules: those that count where nobody names one. */
export const ownHosts: readonly HostName[] = [
	"istio-sidecar",
	"istio-waypoint",
	"istio-gateway",
	"envoy-gateway",
]

/** Something is known of a host in a version. */
export const isKnown = (host: HostName, version: string): boolean =>
	offers.some(({hosts, versions}) => hosts.includes(host) && inRange(version, versions))

type Judged = {readonly module: Module; readonly image?: Image; readonly run: Run}

/** What every host makes of a module, range of versions by range of versions. */
export function judge(judged: Judged, asked: readonly Asked[]): readonly HostVerdict[] {
	return offers.flatMap((offer) =>
		offer.hosts.map((host) => {
			const reasons = refusals(judged, host, offer)
			return {
				host,
				versions: offer.versions,
				asked: asked.some((one) => one.host === host && inRange(one.version, offer.versions)),
				accepted: reasons.length === 0,
				reasons,
				source: offer.source,
			}
		}),
	)
}

export const inRange = (version: string | undefined, range: string): boolean =>
	version === undefined || satisfies(version.split("-")[0] ?? "", range, {loose: true})

/** The host's own data; what is asked of it here is the same in all rows of a host that a range meets. */
const rowOf = (host: HostName, {versions}: Offer): WasmHost | undefined =>
	wasmHosts.find((row) => row.name === host && intersects(row.versions, versions))

function refusals({module, image, run}: Judged, host: HostName, offer: Offer): readonly Refusal[] {
	const row = rowOf(host, offer)
	const abi = agreed(abiOf(module), row)
	const functions = abi === undefined ? undefined : offer.functions[abi]
	if (functions === undefined) return [abiRefusal(module, host, row)]
	return [
		...module.imports.flatMap((one) => importRefusal(one, functions)),
		...exportRefusals(module, host, offer),
		...layoutRefusal(host, row, image),
		...(run.outcome === "ran" ? [] : [{code: "DoesNotStart", message: run.message} as const]),
	]
}

const agreed = (abi: readonly string[], row: WasmHost | undefined): ABI | undefined =>
	row?.abis.find((one) => abi.includes(one))

function abiRefusal(module: Module, host: HostName, row: WasmHost | undefined): Refusal {
	const has = abiOf(module)
	const what = has.length === 0 ? "has no marker of any interface" : `is written for ${has.join(" and ")}`
	return {
		code: "ABINotOffered",
		message: `it ${what}, and ${host} runs ${row?.abis.join(", ") ?? "no module"}`,
	}
}

function importRefusal({module, name, kind, type}: Import, functions: Functions): readonly Refusal[] {
	const full = `${module}.${name}`
	if (kind !== "function")
		return [
			{
				code: "ImportNotOffered",
				message: `it imports the ${kind} ${full}, which is not known to be offered there`,
			},
		]
	const offered = functions.get(full)
	if (offered === undefined)
		return [{code: "ImportNotOffered", message: `it imports ${full}, which is not known to be offered there`}]
	if (offered === type) return []
	return [{code: "ImportDiffers", message: `it imports ${full} as ${type}, and there it is ${offered}`}]
}

function exportRefusals({exports}: Module, host: HostName, {allocators, memory}: Offer): readonly Refusal[] {
	const has = (kind: string, names?: readonly string[]) =>
		exports.some((one) => one.kind === kind && (names === undefined || names.includes(one.name)))
	return [
		...(has("function", allocators)
			? []
			: [
					{
						code: "NoAllocator",
						message: `it exports no ${allocators.join(" or ")}, by which ${host} asks for room for a value`,
					} as const,
				]),
		...(has("memory", memory === undefined ? undefined : [memory])
			? []
			: [{code: "NoMemory", message: `it exports no memory${memory ? ` named ${memory}` : ""}`} as const]),
	]
}

/** Source: istio:pkg/wasm/imagefetcher.go, envoyproxy/gateway:internal/wasm/imagefetcher.go */
const readLayouts: readonly Layout[] = ["compat (Docker)", "compat (OCI)", "artifact"]

function layoutRefusal(
	host: HostName,
	row: WasmHost | undefined,
	image: Image | undefined,
): readonly Refusal[] {
	const reads = row?.digests.oci !== undefined
	if (image === undefined || !reads || readLayouts.includes(image.layout)) return []
	const fix =
		image.layout === "artifact of one layer"
			? "it has one layer, and exactly two are read: push a second one beside the module, or a compat image"
			: "push it as an image whose last layer has plugin.wasm"
	return [{code: "LayoutNotRead", message: `${host} does not read a ${image.layout} from a registry; ${fix}`}]
}
