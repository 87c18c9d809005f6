import {setImmediate as nextTurn, setTimeout as sleep} from "node:timers/promises"
import type {MeshProfile as MeshProfileShape} from "../../../crds/generated.ts"
import {MeshBinding, MeshProfile} from "../../../operator/api/kinds.ts"
import {bindingName} from "../../../operator/api/names.ts"
import type {Change} from "../../../operator/kube/types.ts"
import {type ClusterFacts, clusterFacts} from "../../../operator/plan/facts.ts"
import {planNamespace} from "../../../operator/plan/plan.ts"
import type {Plan} from "../../../operator/plan/types.ts"
import {type Census, censusOf, provideCensus} from "../../../profiles/census.ts"
import {dataplanes} from "../../../profiles/registry.ts"
import * as kinds from "../../../profiles/snapshot/kinds.ts"
import type {Snapshot} from "../../../profiles/snapshot/snapshot.ts"
import type {Draft} from "../model/draft.ts"
import type {Event} from "../model/event.ts"
import {rowOf} from "../model/row-of.ts"
import type {Row} from "../model/table.ts"
import {modulesOf, planesOf} from "./facts.ts"
import {planDiff} from "./plan-diff.ts"
import {type Recommended, recommend} from "./recommend.ts"

/** Work between two looks at the keyboard. A key that comes in the middle waits no longer than this. */
const sliceMs = 6
/** Between two passes: a cluster in which everything moves is not planned anew for every pod. */
const restMs = 400
/** Rows that have been planned are shown at least this often while others are still waited for. */
const showEveryMs = 120

type PlannerOptions = {
	readonly snapshot: Snapshot
	readonly dispatch: (event: Event) => void
	readonly signal: AbortSignal
}

/** Keeps every row, the detail and the draft in line with the cluster, a few namespaces at a time. */
export class Planner {
	readonly #options: PlannerOptions
	readonly #censuses = new Map<string, Census>()
	/** Undefined: every namespace. */
	#dirty: Set<string> | undefined
	#known = new Set<string>()
	#facts: ClusterFacts | undefined
	#snapshot: Snapshot
	#detail: string | undefined
	#draft: Draft | undefined
	#wake = Promise.withResolvers<void>()

	constructor(options: PlannerOptions) {
		this.#options = options
		this.#snapshot = options.snapshot
	}

	/** To be told of every change that a watch reports. */
	touch({kind, namespace, name}: Change): void {
		if (kind.id === kinds.Pod.id && namespace !== undefined) this.#censuses.delete(namespace)
		const one = kind.id === kinds.Namespace.id ? name : namespace
		const shared = one === undefined || this.#facts?.reserved.has(one) === true
		if (shared) this.#dirty = undefined
		else this.#dirty?.add(one)
		this.#wake.resolve()
	}

	/** Until the signal ends it. */
	async run(): Promise<void> {
		const {signal} = this.#options
		const ended = new Promise<void>((resolve) =>
			signal.addEventListener("abort", () => resolve(), {once: true}),
		)
		while (!signal.aborted) {
			await this.#pass()
			await sleep(restMs, undefined, {signal}).catch(() => undefined)
			await Promise.race([this.#wake.promise, ended])
		}
	}

	explain(namespace: string): void {
		this.#detail = namespace
		const found = this.#recommended(namespace)
		if (found !== undefined) this.#options.dispatch({type: "explained", plan: found.plan})
	}

	async plan(draft: Draft): Promise<void> {
		this.#draft = draft
		await this.#planDraft()
	}

	/** The plan of a draft as the cluster is right now, made in one turn, with the profiles that it would have. */
	made({profile, accept, namespaces}: Draft): {profiles: readonly MeshProfileShape[]; made: Plan} {
		const facts = this.#begin()
		const own = this.#profiles().filter(({metadata}) => metadata.name !== profile?.metadata.name)
		const profiles = profile === undefined ? own : [...own, profile]
		const input = {snapshot: this.#snapshot, profiles, dataplanes, accept, facts}
		const plans = namespaces.flatMap((namespace) => planNamespace({...input, namespace}) ?? [])
		return {profiles, made: {apiVersion: "heddle.dev/v1alpha1", kind: "Plan", namespaces: plans}}
	}

	async #planDraft(): Promise<void> {
		const draft = this.#draft
		if (draft === undefined) return
		const {stringify} = await import("yaml")
		if (draft !== this.#draft) return
		const {made} = this.made(draft)
		const {profile} = draft
		this.#options.dispatch({
			type: "planned",
			plan: made,
			diff: planDiff({plan: made, snapshot: this.#snapshot, profile, stringify}),
			...(profile === undefined ? {} : {yaml: stringify(profile, {lineWidth: 0})}),
		})
	}

	/** A new era: what was computed of the whole cluster is computed anew. */
	#begin(): ClusterFacts {
		this.#snapshot = {...this.#options.snapshot, era: {}}
		this.#facts = clusterFacts(this.#snapshot, dataplanes)
		provideCensus(this.#snapshot, dataplanes, () => this.#census())
		return this.#facts
	}

	async #pass(): Promise<void> {
		this.#wake = Promise.withResolvers<void>()
		const wanted = this.#dirty
		this.#dirty = new Set()
		const facts = this.#begin()
		const names = [...facts.namespaces.keys()]
		await this.#warm(names)
		this.#tellFacts(facts)
		const gone = [...this.#known].filter((name) => !facts.namespaces.has(name))
		this.#known = new Set(names)
		const todo = wanted === undefined ? names : names.filter((name) => wanted.has(name))
		if (todo.length > 0 || gone.length > 0) await this.#planAll(todo, gone)
		if (this.#detail !== undefined && todo.includes(this.#detail)) this.explain(this.#detail)
		if (this.#draft?.namespaces.some((name) => todo.includes(name))) await this.#planDraft()
	}

	async #planAll(todo: readonly string[], gone: readonly string[]): Promise<void> {
		const {dispatch, signal} = this.#options
		let rows: Row[] = []
		let shown = performance.now()
		let turn = shown
		dispatch({type: "rows", rows: [], gone, pending: todo.length})
		for (const [index, name] of todo.entries()) {
			const row = this.#row(name)
			if (row !== undefined) rows.push(row)
			const now = performance.now()
			if (now - shown > showEveryMs) {
				dispatch({type: "rows", rows, pending: todo.length - index - 1})
				rows = []
				shown = now
			}
			if (now - turn > sliceMs) {
				await nextTurn()
				if (signal.aborted) return
				turn = performance.now()
			}
		}
		dispatch({type: "rows", rows, pending: 0})
	}

	#row(name: string): Row | undefined {
		const found = this.#recommended(name)
		if (found === undefined) return undefined
		const binding = this.#snapshot.get(MeshBinding, bindingName, name)
		return rowOf({...found, pods: this.#snapshot.list(kinds.Pod, name).length, binding})
	}

	#recommended(namespace: string): Recommended | undefined {
		const facts = this.#facts ?? this.#begin()
		return recommend({snapshot: this.#snapshot, profiles: this.#profiles(), dataplanes, facts, namespace})
	}

	#profiles() {
		return this.#snapshot.list(MeshProfile)
	}

	#tellFacts(facts: ClusterFacts): void {
		const profiles = this.#profiles()
		this.#options.dispatch({
			type: "facts",
			planes: planesOf(facts, dataplanes),
			profiles,
			modules: modulesOf(profiles),
			nodes: this.#snapshot.list(kinds.Node).length,
		})
	}

	/** Classifies the pods of a few namespaces at a time: in one go it would hold up the keyboard. */
	async #warm(names: readonly string[]): Promise<void> {
		let turn = performance.now()
		for (const name of names) {
			this.#censusOf(name)
			if (performance.now() - turn <= sliceMs) continue
			await nextTurn()
			turn = performance.now()
		}
	}

	#census(): ReadonlyMap<string, Census> {
		const names = [...(this.#facts?.namespaces.keys() ?? [])]
		const all = names.map((name) => [name, this.#censusOf(name)] as const)
		return new Map(all.filter(([, {pods}]) => pods.size > 0))
	}

	#censusOf(name: string): Census {
		const known = this.#censuses.get(name) ?? censusOf(this.#snapshot, name, dataplanes)
		this.#censuses.set(name, known)
		return known
	}
}
