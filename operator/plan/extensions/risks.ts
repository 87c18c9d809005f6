import {AuthorizationPolicy} from "../../../profiles/apis/istio/kinds.ts"
import {Field} from "../../../profiles/apis/read.ts"
import {plural} from "../../../profiles/names.ts"
import type {Reason} from "../../../profiles/reason.ts"
import {reason} from "../../../profiles/reasons.ts"
import {refOf} from "../../../profiles/snapshot/object.ts"
import type {Custom} from "../../../profiles/snapshot/shapes.ts"
import type {Snapshot} from "../../../profiles/snapshot/snapshot.ts"
import {extensionCost} from "../../../profiles/wasm-hosts/costs.ts"
import type {WantedExtension} from "../../../profiles/wasm-hosts/host.ts"
import {existing, isTaken, prefix} from "./owned.ts"
import type {Placed} from "./placement.ts"

export type RiskInput = {
	readonly snapshot: Snapshot
	readonly namespace: string
	readonly waypoint: string
	/** Digests of modules that were fetched and run before, by `heddle wasm inspect` or by a canary. */
	readonly proved: ReadonlySet<string>
}

/** What to refuse of an object that is wanted, whether it is there already or not. */
export function refusals({manifest, extensions}: Placed, {snapshot}: RiskInput): readonly Reason[] {
	const object = refOf(manifest)
	return [
		...(isTaken(snapshot, manifest)
			? [reason("ExtensionNameTaken", {object, message: `${object} is there and is not Heddle's.`})]
			: []),
		...extensions.filter(contradicts).map(({name, sha256}) =>
			reason("ExtensionDigestMismatch", {
				message: `The address of ${name} has another digest than its sha256, ${sha256}.`,
			}),
		),
	]
}

function contradicts({url, sha256}: WantedExtension): boolean {
	const digest = /@sha256:([0-9a-fA-F]+)$/.exec(url)?.[1]
	return digest !== undefined && digest.toLowerCase() !== sha256
}

/** What there is to weigh of an object that would change. */
export function risks(placed: Placed, input: RiskInput): readonly Reason[] {
	const fresh = placed.extensions.filter((one) => !isProved(one, placed, input))
	return [
		...fresh.map(({name, sha256}) =>
			reason("ExtensionNotProved", {
				object: refOf(placed.manifest),
				message: `Nothing proves that ${name} (sha256 ${sha256.slice(0, 12)}…) can be fetched and runs.`,
			}),
		),
		...(placed.host === "istio-waypoint"
			? placed.extensions.flatMap((one) => detourRisk(one, placed, input))
			: []),
	]
}

/** Proved by itself, or fetched already: then only its configuration or its place in the order changes. */
function isProved(
	{sha256, url}: WantedExtension,
	{manifest}: Placed,
	{proved, snapshot}: RiskInput,
): boolean {
	if (proved.has(sha256)) return true
	const text = JSON.stringify(existing(snapshot, manifest)?.spec ?? {})
	return (
		text.includes(`"${sha256}"`) && text.includes(JSON.stringify(url.replace(/^oci:\/\//, "")).slice(1, -1))
	)
}

/** The object by which another host of the namespace runs the same extension: then it follows its pods. */
export const elsewhere = ({manifest, host, extensions}: Placed, snapshot: Snapshot): Custom | undefined =>
	extensions
		.flatMap(({name}) =>
			["sidecar", "waypoint"]
				.filter((place) => `istio-${place}` !== host)
				.map((place) => ({...manifest.metadata, name: `${prefix}${place}-${name}`})),
		)
		.map((metadata) => existing(snapshot, {...manifest, metadata}))
		.find((one) => one !== undefined)

/** A module that refuses requests is relied upon: whoever gets around it gets in. */
function detourRisk(
	{name, failurePolicy}: WantedExtension,
	{manifest}: Placed,
	input: RiskInput,
): readonly Reason[] {
	if (failurePolicy !== "Fail" || isGuarded(input)) return []
	const object = refOf(manifest)
	const {name: at, namespace} = {...manifest.metadata, name: `${prefix}sidecar-${name}`}
	const inSidecars =
		existing(input.snapshot, {...manifest, metadata: {...manifest.metadata, name: at}}) !== undefined
	if (inSidecars)
		return [
			reason("ExtensionWeakenedAtWaypoint", {
				object,
				message: `${name} runs in the sidecars of ${namespace} today; calls that skip the waypoint would get around it.`,
			}),
		]
	return [
		reason("ExtensionSkippedByDirectCalls", {
			object,
			message: `Calls that do not go through the waypoint ${input.waypoint} get around ${name}.`,
		}),
	]
}

/** A policy of the whole namespace denies whoever is not the waypoint. */
function isGuarded({snapshot, namespace, waypoint}: RiskInput): boolean {
	const identity = `/ns/${namespace}/sa/${waypoint}`
	return snapshot.list(AuthorizationPolicy, namespace).some((policy) => admitsOnly(policy, identity))
}

function admitsOnly({spec}: Custom, identity: string): boolean {
	const field = new Field("spec", spec, [])
	if (field.at("action").text() !== "DENY" || field.hasAny(["selector", "targetRefs", "targetRef"]))
		return false
	return field
		.at("rules")
		.items()
		.some((rule) => {
			if (rule.hasAny(["to", "when"])) return false
			return rule
				.at("from")
				.items()
				.some((from) => {
					const source = from.at("source")
					const principals = source.at("notPrincipals").texts()
					const alone = source.entries().length === 1
					return alone && principals.length === 1 && principals[0]?.endsWith(identity) === true
				})
		})
}

/** What modules cost is not in the plan's sum, and the plan says so. */
export function costRemark(changed: readonly Placed[]): readonly Reason[] {
	const modules = new Set(changed.flatMap(({extensions}) => extensions.map(({sha256}) => sha256))).size
	if (modules === 0) return []
	const {low, high} = extensionCost.perThread.memoryMiB
	const message = `${plural(modules, "module")} to bring or to change; each may take ${low} to ${high} MiB in every worker thread of every proxy that runs it, which no published figure tells.`
	return [reason("ExtensionCostUnmeasured", {message})]
}
