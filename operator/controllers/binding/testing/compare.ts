import type {KubeObject} from "../../../../profiles/snapshot/object.ts"
import type {SimCluster} from "./cluster.ts"

const passing: ReadonlySet<string> = new Set([
	"lastTransitionTime",
	"startedAt",
	"finishedAt",
	"creationTimestamp",
	"deletionTimestamp",
	"generation",
	"observedGeneration",
	"bindingGeneration",
	// How a migration got there is a record of the way, which a death on it may shorten.
	"steps",
])

/** A value without what may differ between two ways to the same end: times, counts of writes, empty maps. */
function essence(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(essence)
	if (typeof value !== "object" || value === null) return value
	const entries = Object.entries(value)
		.filter(([key, item]) => !passing.has(key) && item !== undefined)
		.map(([key, item]) => [key, essence(item)] as const)
		.filter(([, item]) => !isEmptyMap(item))
	return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

const isEmptyMap = (value: unknown): boolean =>
	typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0

/** The objects of a cluster by name, for comparison. */
export function everything(cluster: SimCluster): Readonly<Record<string, unknown>> {
	return Object.fromEntries(
		cluster.objects
			.map((object) => [keyed(object), essence(object)] as const)
			.sort(([a], [b]) => (a < b ? -1 : 1)),
	)
}

const keyed = ({kind, metadata: {namespace = "", name}}: KubeObject): string => `${kind}/${namespace}/${name}`

type Touched = KubeObject & {
	readonly spec?: {
		readonly template?: {readonly metadata?: unknown}
		readonly jobTemplate?: {readonly spec?: {readonly template?: {readonly metadata?: unknown}}}
		readonly updateStrategy?: {readonly rollingUpdate?: {readonly partition?: number}}
	}
}

const templated: ReadonlySet<string> = new Set(["Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job"])
const whole: ReadonlySet<string> = new Set(["Gateway", "PeerAuthentication"])

/** All that a migration may touch in a namespace, and nothing of what others maintain there. */
export function touchedIn(cluster: SimCluster, namespace: string): Readonly<Record<string, unknown>> {
	const space = cluster.find(`Namespace/${namespace}`)
	const own = cluster.objects.filter(({metadata}) => metadata.namespace === namespace) as Touched[]
	return Object.fromEntries([
		["Namespace", essence({labels: space?.metadata.labels, annotations: space?.metadata.annotations})],
		...own.filter(({kind}) => templated.has(kind)).map((one) => [keyed(one), essence(keysOf(one))] as const),
		...own.filter(({kind}) => whole.has(kind)).map((one) => [keyed(one), essence({spec: one.spec})] as const),
	])
}

const keysOf = ({spec}: Touched) => ({
	metadata: (spec?.template ?? spec?.jobTemplate?.spec?.template)?.metadata,
	partition: spec?.updateStrategy?.rollingUpdate?.partition ?? 0,
})
