import {Counter, collectDefaultMetrics, Gauge, Histogram, Registry} from "prom-client"
import type {Cache} from "../kube/cache.ts"
import type {RequestMetric} from "../kube/http.ts"
import type {Queue, QueueObserver} from "./queue.ts"

export type ReconcileResult = "success" | "requeue" | "requeue_after" | "error"

/** What one controller reports. */
export type ControllerMetrics = {
	workers(count: number): void
	/** Call what it returns when the reconcile has ended. */
	started(): (result: ReconcileResult) => void
	terminal(): void
	panicked(): void
}

/** Bounds of controller-runtime, so that its dashboards read ours. */
const reconcileSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
const queueSeconds = [1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100, 1_000]

/** The metrics of the operator: those that stock controller dashboards know, and heddle_* beside them. */
export class Metrics {
	readonly registry = new Registry()
	readonly #reconciles = this.#counter(
		"controller_runtime_reconcile_total",
		"Reconciles per controller and result.",
		["controller", "result"],
	)
	readonly #errors = this.#counter("controller_runtime_reconcile_errors_total", "Reconciles that failed.", [
		"controller",
	])
	readonly #terminal = this.#counter(
		"controller_runtime_terminal_reconcile_errors_total",
		"Reconciles that failed and are not tried again.",
		["controller"],
	)
	readonly #panics = this.#counter(
		"controller_runtime_reconcile_panics_total",
		"Reconciles that ended in a programming error.",
		["controller"],
	)
	readonly #duration = this.#histogram(
		"controller_runtime_reconcile_time_seconds",
		"How long a reconcile took.",
		["controller"],
		reconcileSeconds,
	)
	readonly #workers = this.#gauge("controller_runtime_max_concurrent_reconciles", "Workers per controller.", [
		"controller",
	])
	readonly #active = this.#gauge("controller_runtime_active_workers", "Workers that reconcile now.", [
		"controller",
	])
	readonly #adds = this.#counter("workqueue_adds_total", "Keys added to a workqueue.", ["name", "controller"])
	readonly #retries = this.#counter("workqueue_retries_total", "Keys added again after a failure.", [
		"name",
		"controller",
	])
	readonly #waited = this.#histogram(
		"workqueue_queue_duration_seconds",
		"How long a key waited for a worker.",
		["name", "controller"],
		queueSeconds,
	)
	readonly #worked = this.#histogram(
		"workqueue_work_duration_seconds",
		"How long a key was worked on.",
		["name", "controller"],
		queueSeconds,
	)
	readonly #requests = this.#counter("rest_client_requests_total", "Requests to the API server.", [
		"code",
		"host",
		"method",
	])
	readonly #leader = this.#gauge(
		"leader_election_master_status",
		"1 while this process holds the lease of that name.",
		["name"],
	)
	/** Handlers that threw: each is a bug. */
	readonly handlerErrors = this.#counter(
		"heddle_cache_handler_errors_total",
		"Changes whose handler failed.",
		[],
	)

	readonly #migrations = this.#counter(
		"heddle_migrations_total",
		"Migrations of namespaces that ended, by how.",
		["state"],
	)

	readonly #breaches = this.#gauge(
		"heddle_invariant_breaches",
		"What departs from where a namespace has arrived: pods not captured, unmeshed pods where plaintext is refused, keys that drifted.",
		["namespace", "invariant"],
	)
	/** Invariants that each namespace has a series of. */
	readonly #watched = new Map<string, readonly string[]>()

	constructor({processMetrics = true}: {processMetrics?: boolean} = {}) {
		if (processMetrics) collectDefaultMetrics({register: this.registry})
	}

	controller(name: string): ControllerMetrics {
		const labels = {controller: name}
		for (const result of ["success", "requeue", "requeue_after", "error"])
			this.#reconciles.inc({...labels, result}, 0)
		for (const counter of [this.#errors, this.#terminal, this.#panics]) counter.inc(labels, 0)
		return {
			workers: (count) => this.#workers.set(labels, count),
			started: () => {
				const end = this.#duration.startTimer(labels)
				this.#active.inc(labels)
				return (result) => {
					end()
					this.#active.dec(labels)
					this.#reconciles.inc({...labels, result})
					if (result === "error") this.#errors.inc(labels)
				}
			},
			terminal: () => this.#terminal.inc(labels),
			panicked: () => this.#panics.inc(labels),
		}
	}

	queueObserver(name: string): QueueObserver {
		const labels = {name, controller: name}
		return {
			added: () => this.#adds.inc(labels),
			retried: () => this.#retries.inc(labels),
			started: (ms) => this.#waited.observe(labels, ms / 1_000),
			finished: (ms) => this.#worked.observe(labels, ms / 1_000),
		}
	}

	/** Depth and unfinished work are read when someone asks. */
	watchQueues(queues: ReadonlyMap<string, Queue>): void {
		const read = (of: (queue: Queue) => number) => (gauge: Gauge) => {
			for (const [name, queue] of queues) gauge.set({name, controller: name}, of(queue))
		}
		const labels = ["name", "controller"]
		const seconds = (queue: Queue) => queue.unfinishedMs.map((ms) => ms / 1_000)
		this.#gauge(
			"workqueue_depth",
			"Keys that wait for a worker.",
			labels,
			read((queue) => queue.depth),
		)
		this.#gauge(
			"workqueue_unfinished_work_seconds",
			"Seconds of work under way.",
			labels,
			read((queue) => seconds(queue).reduce((a, b) => a + b, 0)),
		)
		this.#gauge(
			"workqueue_longest_running_processor_seconds",
			"The longest work under way.",
			labels,
			read((queue) => Math.max(0, ...seconds(queue))),
		)
	}

	watchCache(cache: Cache): void {
		this.#gauge("heddle_cache_objects", "Objects in memory, by kind.", ["kind"], (gauge) => {
			for (const [kind, size] of cache.sizes()) gauge.set({kind}, size)
		})
		const ofReflectors = (
			name: string,
			help: string,
			read: (reflector: Cache["reflectors"][number]) => number,
		) =>
			this.#gauge(name, help, ["kind"], (gauge) => {
				for (const reflector of cache.reflectors) gauge.set({kind: reflector.kind.id}, read(reflector))
			})
		ofReflectors("heddle_cache_relists_total", "Lists after the first.", ({relistsTotal}) => relistsTotal)
		ofReflectors(
			"heddle_cache_misses_total",
			"Changes that a list found although a watch should have told them.",
			({cacheMissTotal}) => cacheMissTotal,
		)
		ofReflectors("heddle_cache_synced", "1 when what is in memory can be believed.", ({synced}) =>
			synced ? 1 : 0,
		)
	}

	request({code, host, method}: RequestMetric): void {
		this.#requests.inc({code, host, method})
	}

	/** `Succeeded`, `RolledBack` or `Failed`. */
	migrationEnded(state: string): void {
		this.#migrations.inc({state})
	}

	/** How many of each invariant are broken in a namespace; without counts it is watched no more. */
	breaches(namespace: string, counts: ReadonlyMap<string, number> | undefined): void {
		for (const invariant of this.#watched.get(namespace) ?? []) this.#breaches.remove({namespace, invariant})
		this.#watched.delete(namespace)
		if (counts === undefined) return
		this.#watched.set(namespace, [...counts.keys()])
		for (const [invariant, count] of counts) this.#breaches.set({namespace, invariant}, count)
	}

	leads(lease: string, leads: boolean): void {
		this.#leader.set({name: lease}, leads ? 1 : 0)
	}

	#counter(name: string, help: string, labelNames: string[]): Counter {
		return new Counter({name, help, labelNames, registers: [this.registry]})
	}

	#gauge(name: string, help: string, labelNames: string[], read?: (gauge: Gauge) => void): Gauge {
		const collect = read && {
			collect(this: Gauge) {
				read(this)
			},
		}
		return new Gauge({name, help, labelNames, registers: [this.registry], ...collect})
	}

	#histogram(name: string, help: string, labelNames: string[], buckets: number[]): Histogram {
		return new Histogram({name, help, labelNames, buckets, registers: [this.registry]})
	}
}
