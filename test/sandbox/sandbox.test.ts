import {spawn} from "node:child_process"
import {once} from "node:events"
import {existsSync, mkdtempSync, readFileSync, rmSync} from "node:fs"
import {tmpdir} from "node:os"
import {join} from "node:path"
import {afterAll, beforeAll, describe, expect, test, vi} from "vitest"
import {
	down,
	type Kube,
	type KubeObject,
	kubeFor,
	list,
	type Sandbox,
	serviceAccountKubeconfig,
	status,
	up,
} from "../../installer/sandbox/index.ts"
import {createKube} from "../../installer/sandbox/kube/client.ts"
import {marked} from "../../installer/sandbox/proc/end.ts"
import {isOpen} from "../../installer/sandbox/proc/ports.ts"
import {readState} from "../../installer/sandbox/state.ts"
import {coldBuildMs} from "../kit/sandbox.ts"

/** Real: API server, etcd, controllers, scheduler, istiod. Stand-ins: the kubelets (kwok) and the ambient node agent. */
const previous = process.env.HEDDLE_STATE_DIR
const root = mkdtempSync(join(tmpdir(), "heddle-sandbox-"))
process.env.HEDDLE_STATE_DIR = root
const patience = {timeout: 30_000, interval: 200}

type Pod = KubeObject & {
	spec: {containers: {name: string}[]; initContainers?: {name: string; restartPolicy?: string}[]}
	status: {
		phase: string
		podIP?: string
		conditions?: {type: string; status: string}[]
		containerStatuses?: {restartCount: number; state: object}[]
		initContainerStatuses?: {name: string; ready: boolean; started?: boolean; state: object}[]
	}
}

const namespace = (name: string, labels: Record<string, string> = {}): KubeObject => ({
	apiVersion: "v1",
	kind: "Namespace",
	metadata: {name, labels},
})

const deployment = (ns: string, name: string, annotations: Record<string, string> = {}): KubeObject => ({
	apiVersion: "apps/v1",
	kind: "Deployment",
	metadata: {name, namespace: ns},
	spec: {
		selector: {matchLabels: {app: name}},
		template: {
			metadata: {labels: {app: name}, annotations},
			spec: {containers: [{name: "app", image: "app:1"}]},
		},
	},
})

const isReady = ({status: is}: Pod) =>
	is.conditions?.some(({type, status: value}) => type === "Ready" && value === "True") ?? false

async function podsOf(kube: Kube, ns: string, app: string): Promise<Pod[]> {
	const {items} = await kube.call<{items: Pod[]}>(
		"GET",
		`/api/v1/namespaces/${ns}/pods?labelSelector=app%3D${app}`,
	)
	return items
}

/** A namespace refuses pods for the moment until its service account is there; the Deployment tries again by itself. */
async function runs(kube: Kube, ns: string, app: string): Promise<Pod> {
	return vi.waitFor(async () => {
		const pod = (await podsOf(kube, ns, app)).find(isReady)
		if (!pod) throw new Error(`no ready pod of ${ns}/${app}`)
		return pod
	}, patience)
}

afterAll(async () => {
	for (const {name} of list()) await down(name)
	rmSync(root, {recursive: true, force: true})
	if (previous === undefined) delete process.env.HEDDLE_STATE_DIR
	else process.env.HEDDLE_STATE_DIR = previous
})

describe("control plane: a sandbox with a real istiod and simulated nodes", () => {
	let box: Sandbox
	let kube: Kube

	beforeAll(async () => {
		box = await up({name: "mesh"})
		kube = kubeFor("mesh")
	}, coldBuildMs)
	afterAll(() => kube?.close())

	test("a second up finds it running and returns at once", async () => {
		const began = performance.now()
		expect(await up({name: "mesh"})).toEqual(box)
		expect(performance.now() - began).toBeLessThan(1000)
		expect(status("mesh")).toMatchObject({state: "running", nodes: 3, mesh: "istio"})
	})

	test("istiod injects a native sidecar, and the simulated kubelet runs it", async () => {
		await kube.apply(namespace("injected", {"istio-injection": "enabled"}))
		await kube.apply(deployment("injected", "web"))
		const pod = await runs(kube, "injected", "web")
		expect(pod.spec.initContainers?.find(({name}) => name === "istio-proxy")?.restartPolicy).toBe("Always")
		expect(pod.metadata.annotations).toHaveProperty(["sidecar.istio.io/status"])
		const proxy = pod.status.initContainerStatuses?.find(({name}) => name === "istio-proxy")
		expect(proxy).toMatchObject({ready: true, started: true, state: {running: {}}})
		expect(pod.status.podIP).toMatch(/^10\./)
	})

	test("stand-in agent: the namespace's ambient label marks its pods, and its removal unmarks them", async () => {
		const redirected = async () =>
			(await podsOf(kube, "ambient", "web"))[0]?.metadata.annotations?.["ambient.istio.io/redirection"]
		await kube.apply(namespace("ambient", {"istio.io/dataplane-mode": "ambient"}))
		await kube.apply(deployment("ambient", "web"))
		await runs(kube, "ambient", "web")
		await vi.waitFor(async () => expect(await redirected()).toBe("enabled"), patience)
		await kube.apply(namespace("ambient"))
		await vi.waitFor(async () => expect(await redirected()).toBeUndefined(), patience)
	})

	test("istiod deploys a waypoint, and it becomes Programmed", async () => {
		await kube.apply(namespace("waypoints"))
		const gateway = {
			apiVersion: "gateway.networking.k8s.io/v1",
			kind: "Gateway",
			metadata: {name: "waypoint", namespace: "waypoints"},
			spec: {gatewayClassName: "istio-waypoint", listeners: [{name: "mesh", port: 15008, protocol: "HBONE"}]},
		}
		await kube.apply(gateway)
		type Status = {status?: {conditions: {type: string; status: string}[]}}
		await vi.waitFor(async () => {
			const {status: is} = await kube.call<Status>(
				"GET",
				"/apis/gateway.networking.k8s.io/v1/namespaces/waypoints/gateways/waypoint",
			)
			expect(is?.conditions).toContainEqual(expect.objectContaining({type: "Programmed", status: "True"}))
		}, patience)
	})

	test("istiod's validation refuses a broken Istio object, once istiod has closed it a moment after up", async () => {
		const broken = {
			apiVersion: "networking.istio.io/v1",
			kind: "VirtualService",
			metadata: {name: "broken", namespace: "default"},
			spec: {
				hosts: ["a"],
				http: [
					{
						route: [
							{destination: {host: "a"}, weight: 30},
							{destination: {host: "b"}, weight: -1},
						],
					},
				],
			},
		}
		await vi.waitFor(() => expect(kube.apply(broken)).rejects.toThrow(/weight/), patience)
	})

	test("faults on request, at birth and live", async () => {
		await kube.apply(namespace("faults"))
		await kube.apply(deployment("faults", "crash", {"heddle.dev/sim": "crashloop"}))
		await kube.apply(deployment("faults", "live"))
		const live = await runs(kube, "faults", "live")
		const annotate = (value: string | null) =>
			kube.call("PATCH", `/api/v1/namespaces/faults/pods/${live.metadata.name}`, {
				body: {metadata: {annotations: {"heddle.dev/sim": value}}},
				contentType: "application/merge-patch+json",
			})
		await annotate("unready")
		await vi.waitFor(
			async () => expect((await podsOf(kube, "faults", "live")).some(isReady)).toBe(false),
			patience,
		)
		await annotate(null)
		await runs(kube, "faults", "live")
		await vi.waitFor(async () => {
			const [crash] = await podsOf(kube, "faults", "crash")
			expect(crash?.status.containerStatuses?.[0]).toMatchObject({
				state: {waiting: {reason: "CrashLoopBackOff"}},
			})
			expect(crash?.status.containerStatuses?.[0]?.restartCount).toBeGreaterThan(1)
		}, patience)
	})

	test("a service account's kubeconfig reaches the API and has no more rights than the account", async () => {
		const path = await serviceAccountKubeconfig({
			name: "mesh",
			namespace: "default",
			serviceAccount: "default",
		})
		const token = /token: (\S+)/.exec(readFileSync(path, "utf8"))?.[1] ?? ""
		const limited = createKube({
			server: box.server,
			ca: readFileSync(join(box.folder, "certs", "apiserver.crt"), "utf8"),
			token,
		})
		await expect(limited.call("GET", "/api/v1/secrets")).rejects.toThrow(
			/403.*system:serviceaccount:default:default/,
		)
		limited.close()
	})

	test("a killed istiod is noticed, and up starts another that injects", async () => {
		process.kill(box.pids.istiod ?? 0, "SIGKILL")
		await vi.waitFor(() => expect(status("mesh").state).toBe("degraded"), patience)
		const repaired = await up({name: "mesh"})
		expect(repaired.pids["kube-apiserver"]).toBe(box.pids["kube-apiserver"])
		expect(repaired.pids.istiod).not.toBe(box.pids.istiod)
		await kube.apply(deployment("injected", "after"))
		const pod = await runs(kube, "injected", "after")
		expect(pod.metadata.annotations).toHaveProperty(["sidecar.istio.io/status"])
	})

	test("a killed API server: up starts all again over the data that is there", async () => {
		process.kill(box.pids["kube-apiserver"] ?? 0, "SIGKILL")
		await vi.waitFor(() => expect(status("mesh").state).toBe("degraded"), patience)
		box = await up({name: "mesh"})
		kube.close()
		kube = kubeFor("mesh")
		expect((await podsOf(kube, "injected", "after")).length).toBe(1)
	})

	test("down leaves no process, no port and no file", async () => {
		const state = readState(box.folder)
		expect(await down("mesh")).toBe(true)
		expect(marked(state?.mark ?? "")).toEqual([])
		expect(await Promise.all(Object.values(state?.ports ?? {}).map(isOpen))).not.toContain(true)
		expect(existsSync(box.folder)).toBe(false)
		expect(await down("mesh")).toBe(false)
	})
})

describe("API: an up that is cut short", () => {
	const script = (name: string) => `
		import {up} from ${JSON.stringify(new URL("../../installer/sandbox/index.ts", import.meta.url).href)}
		await up({name: ${JSON.stringify(name)}, mesh: "none", onEvent: ({id, state}) => console.log(id, state)})`

	/** Runs `up` in a process of its own until it says `moment`, and kills it there. */
	async function killedAt(name: string, moment: string): Promise<void> {
		const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script(name)], {
			stdio: ["ignore", "pipe", "inherit"],
		})
		const closed = once(child, "close")
		let seen = ""
		child.stdout.on("data", (chunk: Buffer) => {
			seen += chunk
			if (seen.includes(moment)) child.kill("SIGKILL")
		})
		await closed
		expect(seen).toContain(moment)
	}

	test("killed while its API server starts: the next up clears the leftovers and works", async () => {
		await killedAt("cut", "nodes started")
		const before = status("cut")
		expect(before.state).toBe("unfinished")
		expect(before.processes?.some(({running}) => running)).toBe(true)
		const mark = readState(before.folder)?.mark ?? ""
		await up({name: "cut", mesh: "none", nodes: 2})
		expect(marked(mark)).toEqual([])
		expect(status("cut")).toMatchObject({state: "running", nodes: 2})
		await down("cut")
	})

	test("killed, and then down: nothing is left", async () => {
		await killedAt("cut-down", "api started")
		const mark = readState(status("cut-down").folder)?.mark ?? ""
		await down("cut-down")
		expect(marked(mark)).toEqual([])
		expect(status("cut-down").state).toBe("absent")
	})

	test("aborted: it ends what it started", async () => {
		const stop = new AbortController()
		let folder = ""
		const going = up({
			name: "aborted",
			mesh: "none",
			signal: stop.signal,
			onEvent: ({id}) => {
				if (id !== "nodes") return
				folder = status("aborted").folder
				stop.abort()
			},
		})
		await expect(going).rejects.toThrow()
		expect(existsSync(folder)).toBe(false)
	})

	test("two at once do not disturb each other", async () => {
		const [a, b] = await Promise.all([
			up({name: "one", mesh: "none", nodes: 1}),
			up({name: "two", mesh: "none", nodes: 1}),
		])
		expect(a.server).not.toBe(b.server)
		await down("one")
		expect(status("two").state).toBe("running")
		await down("two")
	})
})
