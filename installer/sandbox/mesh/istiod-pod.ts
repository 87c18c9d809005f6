import {step} from "../events.ts"
import type {Kube, KubeObject} from "../kube/client.ts"
import {until} from "../kube/retry.ts"
import type {Session} from "../session.ts"
import {applyDefinitions, applyObjects, waitSigned} from "./install.ts"

type Deployment = {status?: {availableReplicas?: number}}

/** Where there is a real node istiod is what it is elsewhere: a Deployment, as Istio's own installer writes it. */
export async function installIstio(
	{signal, onEvent}: Pick<Session, "signal" | "onEvent">,
	kube: Kube,
	objects: readonly KubeObject[],
	revision?: string,
): Promise<void> {
	const name = revision === undefined ? "istiod" : `istiod-${revision}`
	await step(onEvent, "mesh", `Install Istio and start ${name}`, async () => {
		await applyDefinitions(kube, objects, signal)
		await applyObjects(kube, objects, signal)
		// A first start waits for its image; the node's one may still be under way.
		const waiting = {timeoutMs: 180_000, signal, everyMs: 200}
		await until({...waiting, what: `${name} becomes available`}, async () => {
			const path = `/apis/apps/v1/namespaces/istio-system/deployments/${name}`
			const {status} = await kube.call<Deployment>("GET", path)
			return (status?.availableReplicas ?? 0) > 0 || undefined
		})
		await waitSigned(kube, waiting, revision)
	})
}
