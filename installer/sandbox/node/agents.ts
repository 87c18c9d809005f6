import {execFile} from "node:child_process"
import {mkdir, rm} from "node:fs/promises"
import {join} from "node:path"
import {promisify} from "node:util"
import {moduleFolder} from "../bin/go-module.ts"
import {onPath} from "../bin/version-probe.ts"
import {SandboxError} from "../errors.ts"
import {step} from "../events.ts"
import type {Kube} from "../kube/client.ts"
import {patiently, until} from "../kube/retry.ts"
import {alive, checkAlive, type Session, startComponent} from "../session.ts"
import {additionsOf} from "./additions.ts"
import {containerd, kubelet, kubeProxy, toolPath} from "./components.ts"
import {dnsObjects} from "./dns.ts"
import {type Image, writeArchive} from "./image/archive.ts"
import {corednsImage, nodeImage, pauseImage, pilotImage, proxyImage} from "./images.ts"
import {inside} from "./inside.ts"
import {type Parts, programOf} from "./prepare.ts"
import {containerdSocket, nodeFiles, nodeName} from "./settings.ts"

const run = promisify(execFile)

export const agentProcesses = [containerd, kubelet, kubeProxy].map(({name}) => name)

/** containerd with its images, then the kubelet and kube-proxy. The node may take a moment longer to be Ready. */
export async function startAgents(session: Session, parts: Parts): Promise<void> {
	const env = {PATH: toolPath(session.at.folder)}
	if (!alive(session, containerd.name)) await startComponent(session, containerd, env)
	await importImages(session, parts)
	for (const component of [kubelet, kubeProxy]) {
		if (!alive(session, component.name)) await startComponent(session, component, env)
	}
}

async function importImages(session: Session, parts: Parts): Promise<void> {
	const {signal, onEvent} = session
	await step(onEvent, "images", "Make the images of the node", async (progress) => {
		const had = await until(
			{what: "containerd answers", timeoutMs: 30_000, signal, everyMs: 100},
			async () => {
				checkAlive(session)
				return (await ctr(session, ["images", "list", "--quiet"])).split("\n")
			},
		)
		for (const image of await images(session, parts)) {
			if (had.includes(image.name)) continue
			signal?.throwIfAborted()
			progress({note: image.name})
			await importImage(session, image)
		}
	})
}

async function images(session: Session, parts: Parts): Promise<Image[]> {
	const {programs, state} = session
	return [
		await pauseImage((await onPath("sleep")) ?? "/bin/sleep"),
		await corednsImage(programOf(programs, "coredns")),
		await nodeImage(process.execPath),
		...(state.mesh === "istio" ? await meshImages(session, parts) : []),
		...(await Promise.all(additionsOf(state).map((one) => one.images(session, parts)))).flat(),
	]
}

async function meshImages({programs, signal}: Session, {envoy, tools}: Parts): Promise<Image[]> {
	const istio = await moduleFolder("istio-agent", "istio.io/istio", signal)
	const iptables = tools.get("iptables")
	if (!iptables) throw new Error("iptables was not obtained before its use")
	return [
		await pilotImage(programOf(programs, "pilot-discovery")),
		await proxyImage({
			envoy,
			pilotAgent: programOf(programs, "pilot-agent"),
			bootstrap: join(istio, "tools/packaging/common/envoy_bootstrap.json"),
			iptables,
		}),
	]
}

/** Makes an image known to the node's kubelet. Existing pods keep the image that they have. */
async function importImage(session: Pick<Session, "at" | "state" | "programs">, image: Image): Promise<void> {
	const folder = nodeFiles(session.at.folder).images
	await mkdir(folder, {recursive: true})
	const archive = join(folder, `${image.name.replaceAll(/[^a-z0-9.]/g, "-")}.tar`)
	try {
		await writeArchive(image, archive)
		await ctr(session, ["images", "import", "--local", archive])
	} finally {
		await rm(archive, {force: true})
	}
}

/** containerd's own client, in the namespace of images that the kubelet uses. */
async function ctr({state, programs}: Pick<Session, "state" | "programs">, args: string[]): Promise<string> {
	const program = programOf(programs, "ctr")
	const full = ["--address", containerdSocket, "--namespace", "k8s.io", ...args]
	const {command, args: wrapped} = inside(state.init ?? 0, "node", {command: program, args: full})
	const {stdout} = await run(command, [...wrapped], {maxBuffer: 16 << 20})
	return stdout
}

type Conditions = {status?: {conditions?: {type: string; status: string}[]}}

const holds = ({status}: Conditions, type: string): boolean =>
	status?.conditions?.some((condition) => condition.type === type && condition.status === "True") ?? false

/** The node Ready and free of its first taint, CoreDNS behind its Service: then a pod can start and find others. */
export async function settleNode(session: Session, kube: Kube): Promise<void> {
	const {signal, onEvent} = session
	await step(onEvent, "nodes", "Wait for the node and its DNS", async () => {
		await Promise.all(dnsObjects.map((object) => patiently(object.kind, () => kube.apply(object), signal)))
		await reach(session, "the node is ready", async () =>
			holds(await kube.call<Conditions>("GET", `/api/v1/nodes/${nodeName}`), "Ready"),
		)
		await reach(session, "CoreDNS runs", async () =>
			holds(
				await kube.call<Conditions>("GET", "/apis/apps/v1/namespaces/kube-system/deployments/coredns"),
				"Available",
			),
		)
	})
}

async function reach(session: Session, what: string, look: () => Promise<boolean>): Promise<void> {
	await until({what, timeoutMs: 120_000, signal: session.signal, everyMs: 200}, async () => {
		checkAlive(session)
		return (await look()) || undefined
	}).catch((error: unknown) => {
		if (!(error instanceof SandboxError)) throw error
		throw new SandboxError(
			error.message,
			`Read ${session.at.log("kubelet")} and ${session.at.log("containerd")}.`,
			{
				cause: error,
			},
		)
	})
}
