import type {MeshBinding, MeshProfile} from "../../../../crds/generated.ts"
import type {Keys} from "../../../../profiles/dataplane.ts"
import {dataplanes} from "../../../../profiles/registry.ts"
import type {KubeObject} from "../../../../profiles/snapshot/object.ts"
import {workloadsOf} from "../../../plan/workloads/collect.ts"
import type {Action} from "../actions.ts"
import {bindingRef, change, remove} from "./act.ts"
import {keyOf, type SimCluster} from "./cluster.ts"
import {conditionOf, guarded} from "./invariants.ts"
import {live, turn} from "./live.ts"
import type {Run, Write} from "./reconcile.ts"
import {shop} from "./scenes.ts"

/** Tells what happens in a simulated cluster, line by line, while a test lets it happen. Every invariant is checked. */
export class Story {
	readonly cluster: SimCluster
	readonly #run: Run
	readonly #start: number
	readonly #lines: string[] = []
	#said = ""
	#pods = ""

	constructor(cluster: SimCluster, run: Partial<Run> = {}) {
		this.cluster = cluster
		this.#start = cluster.now
		this.#run = guarded({
			cluster,
			namespace: shop,
			...run,
			after: (write) => this.#tell(write),
			told: ({type, reason, note}) => this.#say(`event     ${type} ${reason}: ${note}`),
		})
		this.#look()
	}

	/** Until nothing happens any more, or until `until`. */
	goOn(until?: (cluster: SimCluster) => boolean): this {
		live(this.#run, (cluster) => {
			this.#look()
			return until?.(cluster) ?? false
		})
		this.#look()
		return this
	}

	turns(count: number): this {
		for (let index = 0; index < count; index++) {
			turn(this.#run)
			this.#look()
		}
		return this
	}

	person(does: string, edit: (cluster: SimCluster) => void): this {
		this.#say(`a person  ${does}`)
		edit(this.cluster)
		this.#look()
		return this
	}

	editProfile(does: string, spec: Partial<MeshProfile["spec"]>): this {
		return this.person(does, (cluster) => edited<MeshProfile>(cluster, "MeshProfile/payments", spec))
	}

	editBinding(does: string, spec: MeshBinding["spec"]): this {
		return this.person(does, (cluster) => edited<MeshBinding>(cluster, bindingRef(shop), spec ?? {}))
	}

	deletes(ref: string): this {
		return this.person(`deletes ${ref}`, (cluster) => {
			const object = cluster.find(ref)
			for (const pod of object === undefined ? [] : cluster.podsOf(object)) cluster.remove(pod)
			remove(cluster, ref)
		})
	}

	get text(): string {
		return `${[...this.#lines, ...this.#end()].join("\n")}\n`
	}

	#say(line: string): void {
		const seconds = Math.round((this.cluster.now - this.#start) / 1000)
		const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`
		this.#lines.push(`${time.padStart(6)}  ${line}`)
	}

	#tell(write: Write): void {
		if (write.type === "action") {
			this.#say(`Heddle    ${told(write.action)}`)
			return
		}
		const line = readiness(this.cluster)
		if (line !== this.#said) this.#say(`status    ${line}`)
		this.#said = line
	}

	/** Where the pods are, whenever that has changed. */
	#look(): void {
		const line = places(this.cluster)
		if (line !== this.#pods) this.#say(`pods      ${line}`)
		this.#pods = line
	}

	#end(): readonly string[] {
		const space = this.cluster.find(`Namespace/${shop}`)
		const binding = this.cluster.find(bindingRef(shop)) as MeshBinding | undefined
		const {team: _, "kubernetes.io/metadata.name": __, ...labels} = space?.metadata.labels ?? {}
		const kept = this.cluster.objects.filter(({kind}) => kind === "ControllerRevision")
		return [
			"",
			`In the end: ${binding === undefined ? "there is no MeshBinding" : readiness(this.cluster)}`,
			`  namespace  ${pairs(labels)}`,
			...this.cluster.objects.filter(hasTemplate).map((one) => `  ${keyOf(one)}  ${pairs(keysOf(one))}`),
			`  kept       ${kept.length} pre-images`,
			...(binding?.status?.history ?? []).map(
				({id, state, from, to, message}) => `  history    ${id} ${from} → ${to} ${state}: ${message}`,
			),
		]
	}
}

function edited<T extends KubeObject & {readonly spec?: object}>(
	cluster: SimCluster,
	ref: string,
	spec: object,
): void {
	change(cluster, ref, (object) =>
		cluster.put({...object, spec: {...(object as T).spec, ...spec}} as KubeObject),
	)
}

const changes = ({labels, annotations}: Keys): string =>
	[...Object.entries(labels), ...Object.entries(annotations)]
		.map(([key, value]) => (value === null ? `-${key}` : `${key}=${value}`))
		.join(" ")

const pairs = (map: Readonly<Record<string, string>>): string =>
	Object.entries(map)
		.map(([key, value]) => `${key}=${value}`)
		.sort()
		.join(" ") || "no keys"

function told(action: Action): string {
	switch (action.type) {
		case "ensureBinding":
			return `writes the MeshBinding of ${action.profile}, with the namespace as it was before ${action.images.previous?.migration ?? "nothing yet"}`
		case "releaseBinding":
			return "lets the MeshBinding go"
		case "deleteBinding":
			return "deletes the MeshBinding"
		case "namespaceKeys":
			return `labels the namespace: ${changes(action.keys)}`
		case "preImage":
			return `keeps ${action.ref} as it was before ${action.migration}`
		case "template":
			return `patches ${keyOf(action.object)}: ${changes(action.keys)}`
		case "partition":
			return `sets the partition of ${keyOf(action.object)} to ${action.partition}`
		case "apply":
			return `applies ${keyOf(action.manifest)}`
		case "delete":
			return `deletes ${keyOf(action.object)}`
		case "forget":
			return `forgets ${action.images.length} pre-images`
	}
}

function readiness(cluster: SimCluster): string {
	const ready = conditionOf(cluster, shop, "Ready")
	const also = ["Reconciling", "Stalled"].filter((type) => conditionOf(cluster, shop, type) !== undefined)
	if (ready === undefined) return "no condition yet"
	return `Ready ${ready.status} ${ready.reason}${also.length > 0 ? ` (${also.join()})` : ""}: ${ready.message}`
}

const short: Readonly<Record<string, string>> = {"istio-sidecar": "sidecar", "istio-ambient": "ambient"}

const places = (cluster: SimCluster): string =>
	workloadsOf(cluster.snapshot, shop, dataplanes)
		.filter(({pods}) => pods.length > 0)
		.map(({name, pods}) => {
			const words = pods.map(
				({is}) => `${short[is.dataplane] ?? is.dataplane}${is.ready ? "" : "(not ready)"}`,
			)
			return `${name}: ${words.join(" ")}`
		})
		.join(", ") || "none"

type Templated = KubeObject & {
	readonly spec?: {
		readonly template?: {readonly metadata?: Pick<KubeObject["metadata"], "labels" | "annotations">}
		readonly jobTemplate?: {readonly spec?: Templated["spec"]}
	}
}
const templated: ReadonlySet<string> = new Set(["Deployment", "StatefulSet", "DaemonSet", "CronJob"])
const hasTemplate = ({kind, metadata}: KubeObject): boolean =>
	templated.has(kind) && metadata.namespace === shop

function keysOf(object: KubeObject): Readonly<Record<string, string>> {
	const {spec} = object as Templated
	const {labels, annotations} = (spec?.template ?? spec?.jobTemplate?.spec?.template)?.metadata ?? {}
	const {app: _, ...rest} = {...labels, ...annotations}
	return rest
}
