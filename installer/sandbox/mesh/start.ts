import {step} from "../events.ts"
import {answersOk} from "../kube/answers-ok.ts"
import type {Kube, KubeObject} from "../kube/client.ts"
import {until} from "../kube/retry.ts"
import {additionsOf} from "../node/additions.ts"
import {freePorts} from "../proc/ports.ts"
import {alive, checkAlive, type Session, save, sizeOf, startComponent} from "../session.ts"
import {applyDefinitions, applyObjects, waitSigned} from "./install.ts"
import {adapt, istiod, istiodEnv} from "./istiod.ts"
import {gatewayApiManifests, istioManifests} from "./manifests.ts"

export async function loadManifests({programs, signal, onEvent, state}: Session): Promise<KubeObject[]> {
	const additions = additionsOf(state).flatMap(({istio = []}) => istio)
	return step(onEvent, "mesh-manifests", "Read the manifests of Istio and the Gateway API", async () => {
		const lists = await Promise.all([
			gatewayApiManifests(signal),
			istioManifests({
				istioctl: programs.get("istioctl") ?? "",
				size: sizeOf(state),
				more: additions.flatMap(({settings}) => settings),
				signal,
			}),
		])
		return [...lists.flat(), ...additions.flatMap(({objects}) => objects)]
	})
}

export async function startIstio(
	session: Session,
	kube: Kube,
	objects: readonly KubeObject[],
): Promise<void> {
	const {state, signal, onEvent} = session
	if (!alive(session, "istiod")) await newPorts(session)
	const {istiodHttps = 0, istiodHttp = 0} = state.ports
	await step(
		onEvent,
		"mesh-objects",
		"Install the CRDs and objects of Istio and the Gateway API",
		async () => {
			await Promise.all([
				applyDefinitions(kube, objects, signal),
				applyObjects(
					kube,
					objects.map((object) => adapt(object, istiodHttps)),
					signal,
				),
			])
		},
	)
	await step(onEvent, "mesh", "Start istiod", async () => {
		if (!alive(session, "istiod")) {
			await forgetLeaders(kube)
			await startComponent(session, istiod, istiodEnv(objects))
		}
		const waiting = {timeoutMs: 90_000, signal}
		await until({...waiting, what: "istiod becomes ready"}, async () => {
			checkAlive(session)
			return (await answersOk(istiodHttp, "/ready")) || undefined
		})
		await waitSigned(kube, waiting)
	})
}

async function newPorts(session: Session): Promise<void> {
	const [istiodHttps, istiodHttp, istiodGrpc, istiodSecureGrpc, istiodMonitoring] = await freePorts(5)
	Object.assign(session.state.ports, {
		istiodHttps,
		istiodHttp,
		istiodGrpc,
		istiodSecureGrpc,
		istiodMonitoring,
	})
	save(session)
}

/** A killed istiod's leases would keep its successor from the webhooks and the Gateways for half a minute. */
async function forgetLeaders(kube: Kube): Promise<void> {
	for (const path of [
		"/apis/coordination.k8s.io/v1/namespaces/istio-system/leases",
		"/api/v1/namespaces/istio-system/configmaps",
	]) {
		const {items} = await kube.call<{items: KubeObject[]}>("GET", path)
		const leaders = items.filter(({kind, metadata}) => kind === "Lease" || isLeader(metadata.annotations))
		await Promise.all(leaders.map(({metadata}) => kube.call("DELETE", `${path}/${metadata.name}`)))
	}
}

const isLeader = (annotations: Record<string, string> = {}) =>
	"control-plane.alpha.kubernetes.io/leader" in annotations
