import {rmSync} from "node:fs"
import {operatorName, startOperator} from "./control-plane/operator.ts"
import {startAmbientAgent, startApi, startControllers, startScheduling} from "./control-plane/start.ts"
import {ensureCredentials} from "./credentials.ts"
import {endProcesses} from "./down.ts"
import {SandboxError} from "./errors.ts"
import type {OnEvent} from "./events.ts"
import {step} from "./events.ts"
import {answersOk} from "./kube/answers-ok.ts"
import type {Kube} from "./kube/client.ts"
import {installIstio} from "./mesh/istiod-pod.ts"
import {loadManifests, startIstio} from "./mesh/start.ts"
import {additionsOf, chooseAdditions} from "./node/additions.ts"
import {bringNodeUp, nodeProcesses, requireNode} from "./node/index.ts"
import {applyNodes, maxNodes, waitNodesReady} from "./nodes.ts"
import {lockOf, sandboxFolder} from "./paths.ts"
import {withLock} from "./proc/lock.ts"
import {resolvePrograms} from "./programs.ts"
import {alive, kubeOf, newState, openSession, type Session, save, serverOf, sizeOf} from "./session.ts"
import {type Mesh, readState, type Size, type State} from "./state.ts"

export type UpOptions = {
	name?: string
	/** `node`: one real node, on Linux as root, instead of simulated ones. A sandbox keeps the size it was made with. */
	size?: Size
	/** Simulated nodes. A sandbox that runs already gets the missing ones; none is taken away. */
	nodes?: number
	/** `istio`: a real istiod that injects, with the CRDs of Istio and the Gateway API. A mesh is added, never removed. */
	mesh?: Mesh
	/** Heddle's operator too, with its CRDs. It is added, never removed. */
	operator?: boolean
	signal?: AbortSignal
	onEvent?: OnEvent
}

export type Sandbox = {
	name: string
	kubeconfig: string
	server: string
	folder: string
	mesh: Mesh
	size: Size
	/** Size `node`: the address of its Prometheus on this machine. */
	prometheus?: string
	pids: Record<string, number>
	versions: Record<string, string>
}

type Wish = {
	name: string
	size: Size
	nodes: number
	mesh: Mesh
	operator: boolean
	onEvent: OnEvent
	signal: AbortSignal | undefined
}

/** Brings a sandbox up, repairs one that lost processes, or finds that there is nothing to do. */
export async function up(options: UpOptions = {}): Promise<Sandbox> {
	const {
		name = "default",
		size = "kwok",
		mesh = "istio",
		operator = false,
		signal,
		onEvent = () => {},
	} = options
	const {nodes = size === "node" ? 1 : 3} = options
	if (!Number.isInteger(nodes) || nodes < 1 || nodes > maxNodes) {
		throw new SandboxError(`a sandbox cannot have ${nodes} nodes`, `Ask for 1 to ${maxNodes}.`)
	}
	if (size === "node" && nodes !== 1) {
		throw new SandboxError("a sandbox of size node has one node", "Leave --nodes out, or use --size kwok.")
	}
	if (size === "node") await requireNode()
	const folder = sandboxFolder(name)
	const onWait = () =>
		onEvent({
			type: "step",
			id: "lock",
			title: `Wait for another command on sandbox ${name}`,
			state: "progress",
		})
	return withLock(lockOf(name), {signal, onWait}, () =>
		raise(folder, {name, size, nodes, mesh, operator, onEvent, signal}),
	)
}

async function raise(folder: string, wish: Wish): Promise<Sandbox> {
	const old = readState(folder)
	if (old?.ready) checkSize(old, wish)
	const session = await openOrCreate(folder, old, wish)
	if (suffices(old, wish) && (await isHealthy(session))) return describe(session)
	session.state.nodes = Math.max(session.state.nodes, wish.nodes)
	if (wish.mesh === "istio") session.state.mesh = "istio"
	if (wish.operator) session.state.operator = true
	try {
		await complete(session)
	} catch (error) {
		// What cannot be ended now carries the mark, and the next command tries again: `error` is what matters here.
		await endProcesses(session.state).catch(() => {})
		session.state.processes = {}
		// After an abort nothing is worth keeping; after a failure the logs are.
		if (wish.signal?.aborted && !session.state.ready) rmSync(folder, {recursive: true, force: true})
		else save(session)
		throw error
	}
	return describe(session)
}

function checkSize(old: State, {name, size}: Wish): void {
	if (sizeOf(old) === size) return
	throw new SandboxError(
		`sandbox ${name} is of size ${sizeOf(old)}`,
		`Use another --name, or \`heddle sandbox down --name ${name}\` first.`,
	)
}

/** Does what was there before have all that is asked for? More than that is fine too. */
function suffices(old: State | undefined, {nodes, mesh, operator}: Wish): boolean {
	return (
		old?.ready === true &&
		old.nodes >= nodes &&
		(!operator || old.operator === true) &&
		(mesh === "none" || old.mesh === mesh)
	)
}

/** A sandbox that was ready once keeps its data; one whose creation was cut short is begun anew. */
async function openOrCreate(folder: string, old: State | undefined, wish: Wish): Promise<Session> {
	const {name, size, nodes, mesh, onEvent, signal} = wish
	if (old?.ready) {
		const session = openSession(folder, old, onEvent, signal)
		if (!(await apiAnswers(session)) || !nodeIsWhole(session)) await stopAll(session)
		return session
	}
	if (old) await endProcesses(old)
	rmSync(folder, {recursive: true, force: true})
	const session = openSession(folder, newState({name, size, mesh, nodes}), onEvent, signal)
	save(session)
	return session
}

/** What runs in a node's namespaces ends with them, and what is left outside waits for nothing. */
const nodeIsWhole = (session: Session): boolean =>
	sizeOf(session.state) === "kwok" || nodeProcesses.every((name) => alive(session, name))

/** Without its API server or its etcd a sandbox is restarted whole, over the data it has. */
async function stopAll(session: Session): Promise<void> {
	await step(session.onEvent, "leftovers", "End what is left of the last run", async () => {
		await endProcesses(session.state, 1000)
		session.state.processes = {}
		delete session.state.init
		save(session)
	})
}

async function apiAnswers(session: Session): Promise<boolean> {
	if (!alive(session, "etcd") || !alive(session, "kube-apiserver")) return false
	const kube = kubeOf(session)
	try {
		await kube.call("GET", "/readyz", {timeoutMs: 5000})
		return true
	} catch {
		return false
	} finally {
		kube.close()
	}
}

const expected = ({mesh, size, operator}: State): string[] => [
	...["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"],
	...(size === "node" ? nodeProcesses : ["kwok"]),
	...(mesh === "istio" && size !== "node" ? ["istiod", "ambient-cni"] : []),
	...(operator ? [operatorName] : []),
]

async function isHealthy(session: Session): Promise<boolean> {
	const {mesh, ports} = session.state
	if (!expected(session.state).every((name) => alive(session, name))) return false
	return mesh === "none" || sizeOf(session.state) === "node" || answersOk(ports.istiodHttp ?? 0, "/ready")
}

/** Starts whatever does not run. What does not depend on each other goes on at the same time. */
async function complete(session: Session): Promise<void> {
	const {state, at} = session
	await chooseAdditions(session)
	await resolvePrograms(session)
	// A process that ended is to be started, not to be complained about.
	for (const name of Object.keys(state.processes)) if (!alive(session, name)) delete state.processes[name]
	ensureCredentials(at)
	save(session)
	const manifests = state.mesh === "istio" ? loadManifests(session) : Promise.resolve([])
	manifests.catch(() => {}) // awaited below; until then its failure must not end this process
	const settleNodes = sizeOf(state) === "node" ? await bringNodeUp(session) : installNodes
	const kube = await startApi(session)
	try {
		await startScheduling(session)
		await together(session, [
			(one) => settleNodes(one, kube),
			(one) => startControllers(one, kube),
			async (one) => state.mesh === "istio" && startMesh(one, kube, await manifests),
		])
		for (const addition of additionsOf(state)) await addition.install(session, kube)
	} finally {
		kube.close()
	}
	if (state.operator) await startOperator(session)
	state.ready = true
	save(session)
}

/** The first failure stops the others, and all have stopped before it comes out: nobody starts processes afterwards. */
async function together(session: Session, works: ((one: Session) => Promise<unknown>)[]): Promise<void> {
	const stop = new AbortController()
	const signal = session.signal ? AbortSignal.any([session.signal, stop.signal]) : stop.signal
	let first: {error: unknown} | undefined
	await Promise.all(
		works.map((work) =>
			work({...session, signal}).catch((error: unknown) => {
				first ??= {error}
				stop.abort()
			}),
		),
	)
	if (first) throw first.error
}

async function startMesh(
	session: Session,
	kube: Kube,
	objects: Awaited<ReturnType<typeof loadManifests>>,
): Promise<void> {
	if (sizeOf(session.state) === "node") return installIstio(session, kube, objects)
	await startAmbientAgent(session)
	await startIstio(session, kube, objects)
}

async function installNodes(session: Session, kube: Kube): Promise<void> {
	const {state, signal, onEvent} = session
	await step(onEvent, "nodes", `Register ${state.nodes} simulated nodes`, async () => {
		await applyNodes(kube, state.nodes, {}, signal)
		await waitNodesReady(kube, state.nodes, {timeoutMs: 60_000 + state.nodes * 20, signal}, () => {})
	})
}

function describe({state, at}: Session): Sandbox {
	return {
		name: state.name,
		kubeconfig: at.kubeconfig,
		server: serverOf(state),
		folder: at.folder,
		mesh: state.mesh,
		size: sizeOf(state),
		...(state.ports.prometheus && {prometheus: `http://127.0.0.1:${state.ports.prometheus}`}),
		pids: Object.fromEntries(Object.entries(state.processes).map(([name, {pid}]) => [name, pid])),
		versions: state.versions,
	}
}
