import type {Kind} from "../../profiles/snapshot/kinds.ts"
import {KubeError} from "./errors.ts"
import type {Http} from "./http.ts"

export type Resource = {
	readonly group: string
	readonly version: string
	readonly kind: string
	readonly plural: string
	readonly namespaced: boolean
}

/** What an API server serves at one moment. */
export interface Served {
	resource(group: string, version: string, kind: string): Resource | undefined
	/** The version of a kind that Heddle prefers among those served. */
	versionOf(kind: Kind): string | undefined
	/** A kind in the version that the server itself prefers. */
	preferred(group: string, kind: string): Resource | undefined
}

type AggregatedVersion = {
	readonly version: string
	readonly resources?: readonly {
		readonly resource: string
		readonly responseKind?: {readonly kind: string}
		readonly scope: string
	}[]
}
type Aggregated = {
	readonly kind: string
	readonly items?: readonly {
		readonly metadata?: {readonly name?: string}
		readonly versions?: readonly AggregatedVersion[]
	}[]
}
type PlainGroups = {
	readonly groups?: readonly {readonly versions: readonly {readonly groupVersion: string}[]}[]
}
type PlainResources = {
	readonly groupVersion: string
	readonly resources?: readonly {readonly name: string; readonly kind: string; readonly namespaced: boolean}[]
}

const aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"
const doing = {verb: "discover", resource: "the served APIs"}

/**
 * Remembers what is served for a while, so that many reflectors that wait for their kinds ask once together. Two
 * requests where the server aggregates (Kubernetes 1.30 and later), else one per group version.
 */
export class Discovery {
	readonly #http: Http
	readonly #freshMs: number
	#last: {readonly served: Promise<Served>; readonly at: number} | undefined

	constructor(http: Http, freshMs = 10_000) {
		this.#http = http
		this.#freshMs = freshMs
	}

	/** `fresh`: no older than ten seconds; else as old as the process. */
	served({fresh = false}: {fresh?: boolean} = {}): Promise<Served> {
		const now = performance.now()
		if (this.#last !== undefined && (!fresh || now - this.#last.at < this.#freshMs)) return this.#last.served
		const served = this.#ask()
		this.#last = {served, at: now}
		served.catch(() => {
			this.#last = undefined
		})
		return served
	}

	async #ask(): Promise<Served> {
		const [core, groups] = await Promise.all(["/api", "/apis"].map((path) => this.#get(path)))
		const resources = [...(await this.#resources(core, ["v1"])), ...(await this.#resources(groups, []))]
		return servedOf(resources)
	}

	async #resources(answer: unknown, core: readonly string[]): Promise<readonly Resource[]> {
		if ((answer as Aggregated).kind === "APIGroupDiscoveryList")
			return aggregatedResources(answer as Aggregated)
		const versions = [
			...core.map((version) => `/api/${version}`),
			...((answer as PlainGroups).groups ?? []).flatMap((group) =>
				group.versions.map(({groupVersion}) => `/apis/${groupVersion}`),
			),
		]
		const lists = await Promise.all(versions.map((path) => this.#get(path).catch(onlyThisGroup)))
		return lists.flatMap((list) => plainResources(list as PlainResources | undefined))
	}

	#get(path: string): Promise<unknown> {
		return this.#http.request({method: "GET", path, accept: aggregated, doing})
	}
}

/** An aggregated API whose own server is down must not hide all the others. */
function onlyThisGroup(error: unknown): undefined {
	if (error instanceof KubeError && (error.code >= 500 || error.code === 404)) return undefined
	throw error
}

function aggregatedResources({items = []}: Aggregated): readonly Resource[] {
	return items.flatMap(({metadata, versions = []}) =>
		versions.flatMap(({version, resources = []}) =>
			resources.map(({resource, responseKind, scope}) => ({
				group: metadata?.name ?? "",
				version,
				kind: responseKind?.kind ?? "",
				plural: resource,
				namespaced: scope === "Namespaced",
			})),
		),
	)
}

function plainResources(list: PlainResources | undefined): readonly Resource[] {
	if (list === undefined) return []
	const [version = "", group = ""] = list.groupVersion.split("/").reverse()
	return (list.resources ?? [])
		.filter(({name}) => !name.includes("/"))
		.map(({name, kind, namespaced}) => ({group, version, kind, plural: name, namespaced}))
}

function servedOf(resources: readonly Resource[]): Served {
	const byKind = new Map(resources.map((one) => [`${one.group}/${one.version}/${one.kind}`, one]))
	const plurals = new Set(resources.map(({group, version, plural}) => `${group}/${version}/${plural}`))
	return {
		resource: (group, version, kind) => byKind.get(`${group}/${version}/${kind}`),
		versionOf: ({group, versions, plural}) =>
			versions.find((version) => plurals.has(`${group}/${version}/${plural}`)),
		preferred: (group, kind) => resources.find((one) => one.group === group && one.kind === kind),
	}
}
