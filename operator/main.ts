import {randomUUID} from "node:crypto"
import {hostname} from "node:os"
import {dataplanes} from "../profiles/registry.ts"
import {MeshBinding, MeshProfile} from "./api/kinds.ts"
import {bindingController} from "./controllers/binding/controller.ts"
import {profileController} from "./controllers/profile/controller.ts"
import {installCrds} from "./crds.ts"
import {clientOf} from "./kube/client.ts"
import {loadConfig} from "./kube/config.ts"
import {explain} from "./kube/explain.ts"
import {type Http, openHttp} from "./kube/http.ts"
import {Lease, notLeader} from "./kube/lease.ts"
import type {Client} from "./kube/types.ts"
import {systemClock} from "./runtime/clock.ts"
import {type Health, serveHealth} from "./runtime/health.ts"
import {createLog, type LogLevel} from "./runtime/log.ts"
import {Manager} from "./runtime/manager.ts"
import {Metrics} from "./runtime/metrics.ts"
import type {Log} from "./runtime/types.ts"

export type OperatorOptions = {
	/** A file; else KUBECONFIG, ~/.kube/config or the pod's own service account. */
	readonly kubeconfig?: string
	readonly context?: string
	/** Where the lease lives; `heddle-system` when left out. */
	readonly namespace?: string
	/** Host and port of /healthz, /readyz and /metrics; `:8081` when left out, nothing when empty. */
	readonly healthAddress?: string
	/** Namespaces that are worked on at the same time; 64 when left out. */
	readonly maxConcurrent?: number
	/** Pods that may be replaced per second, of all namespaces together; 20 when left out. */
	readonly podChangesPerSecond?: number
	readonly leaderElect: boolean
	/** Brings the CRDs and the operator's namespace first. */
	readonly installCrds: boolean
	readonly logLevel?: LogLevel
	readonly signal: AbortSignal
}

/** What Kubernetes itself is tested with. Source: kubernetes/community sig-scalability/slos/slos.md, "pod churn". */
const defaultPodChanges = 20

const leaseName = "heddle-operator"

/**
 * Runs the operator until the signal ends it. Resolves with its exit code: 0 ended as asked, 3 the cluster cannot
 * serve it, 1 the lease was lost, so that whoever supervises it starts it anew.
 */
export async function runOperator(options: OperatorOptions): Promise<number> {
	const log = createLog({level: options.logLevel ?? "info"})
	const metrics = new Metrics()
	const identity = `${hostname()}_${randomUUID()}`
	const opened: Http[] = []
	let health: Health | undefined
	try {
		const {lease, http, leaseHttp} = await connect(options, {metrics, identity, log})
		opened.push(http, leaseHttp)
		const client = clientOf(http)
		if (options.installCrds)
			await installCrds(clientOf(leaseHttp), {namespace: options.namespace ?? "heddle-system", log})
		const missing = await missingKinds(client)
		if (missing.length > 0) {
			log.error("CRDs are not installed", {
				missing,
				fix: "kubectl apply --server-side -f crds/, or start with --install-crds",
			})
			return 3
		}
		const manager = new Manager({
			controllers: [
				bindingController({
					dataplanes,
					workers: options.maxConcurrent ?? 64,
					podChangesPerSecond: options.podChangesPerSecond ?? defaultPodChanges,
					ended: metrics.migrationEnded.bind(metrics),
					watched: metrics.breaches.bind(metrics),
				}),
				profileController(),
			],
			cache: {http, kinds: []},
			client,
			...(lease === undefined ? {} : {lease: {lease, name: leaseName}}),
			identity,
			clock: systemClock,
			log,
			metrics,
		})
		health = await serve(options.healthAddress ?? ":8081", manager, metrics)
		if (health !== undefined) log.info("Serving health and metrics", {port: health.port})
		return (await manager.run(options.signal)) === "ended" ? 0 : 1
	} catch (error) {
		const said = explain(error)
		if (said === undefined) throw error
		log.error(said.message, {fix: said.next})
		return 3
	} finally {
		await health?.close()
		await Promise.all(opened.map((one) => one.close()))
	}
}

type Parts = {readonly metrics: Metrics; readonly identity: string; readonly log: Log}

/** The lease has a connection of its own, with short limits: a renewal must never queue behind a list. */
async function connect(options: OperatorOptions, {metrics, identity, log}: Parts) {
	const config = await loadConfig({kubeconfig: options.kubeconfig, context: options.context})
	const leaseHttp = openHttp({config, timeoutsMs: {single: 5_000}, attempts: 1})
	const lease = options.leaderElect
		? new Lease({
				http: leaseHttp,
				namespace: options.namespace ?? "heddle-system",
				name: leaseName,
				identity,
				onFailure: (error) => log.warn("Lease not renewed", {error}),
			})
		: undefined
	const http = openHttp({
		config,
		onRequest: (request) => metrics.request(request),
		...(lease === undefined ? {} : {beforeWrite: () => fence(lease)}),
		userAgent: "heddle-operator",
	})
	return {lease, http, leaseHttp}
}

/** Two operators may both believe that they lead, for a moment; only one of them can still write. */
function fence(lease: Lease): void {
	if (!lease.isHeld()) throw notLeader()
}

async function missingKinds(client: Client): Promise<readonly string[]> {
	const versions = await Promise.all(
		[MeshProfile, MeshBinding].map(async (kind) => ({
			kind,
			version: await client.versionOf(kind, {fresh: true}),
		})),
	)
	return versions.filter(({version}) => version === undefined).map(({kind}) => kind.id)
}

function serve(address: string, manager: Manager, metrics: Metrics): Promise<Health> | undefined {
	if (address === "") return undefined
	const colon = address.lastIndexOf(":")
	const host = address.slice(0, colon)
	return serveHealth({
		port: Number(address.slice(colon + 1)),
		...(host === "" ? {} : {host}),
		ready: {caches: () => manager.waitingFor()},
		registry: metrics.registry,
	})
}
