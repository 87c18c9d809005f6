import {request} from "node:http"
import type {Kube, KubeObject} from "../kube/client.ts"
import {patiently, type Until, until} from "../kube/retry.ts"
import {adapt, istioNamespace} from "./istiod.ts"

const isCrd = ({kind}: KubeObject) => kind === "CustomResourceDefinition"

/** CRDs and the root namespace: what istiod must find when it starts. */
export async function applyDefinitions(kube: Kube, objects: readonly KubeObject[], signal?: AbortSignal): Promise<void> {
	const first = [istioNamespace, ...objects.filter(isCrd)]
	await Promise.all(first.map((object) => patiently(describe(object), () => kube.apply(object), signal)))
}

/** All the rest, in parallel; the ones that need a kind or a namespace which is not served yet are tried again. */
export async function applyObjects(kube: Kube, objects: readonly KubeObject[], httpsPort: number, signal?: AbortSignal): Promise<void> {
	const rest = objects.filter((object) => !isCrd(object)).map((object) => adapt(object, httpsPort))
	await Promise.all(rest.map((object) => patiently(describe(object), () => kube.apply(object), signal)))
}

const describe = ({kind, metadata}: KubeObject) => `apply ${kind} ${metadata.name}`

type Webhooks = {webhooks?: {clientConfig: {caBundle?: string}}[]}

/** istiod is of use once it answers and has put its CA into the injector's webhook. */
export async function waitInjecting(kube: Kube, httpPort: number, waiting: Omit<Until, "what">, check: () => void): Promise<void> {
	await until({...waiting, what: "istiod becomes ready"}, async () => {
		check()
		return (await answersOk(httpPort)) || undefined
	})
	const path = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/istio-sidecar-injector"
	await until({...waiting, what: "istiod signs its injector webhook"}, async () => {
		check()
		const {webhooks = []} = await kube.call<Webhooks>("GET", path)
		return (webhooks.length > 0 && webhooks.every(({clientConfig}) => clientConfig.caBundle)) || undefined
	})
}

export function answersOk(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const sent = request({host: "127.0.0.1", port, path: "/ready", timeout: 1000}, (answer) => {
			answer.resume()
			resolve(answer.statusCode === 200)
		})
		sent.once("error", () => resolve(false))
		sent.once("timeout", () => sent.destroy())
		sent.end()
	})
}
