import {istioVersion} from "../bin/catalogue.ts"
import type {Component} from "../control-plane/commands.ts"
import type {KubeObject} from "../kube/client.ts"

const rootNamespace = "istio-system"

/** The real istiod as a process of this machine, every listener on the loopback. */
export const istiod: Component = {
	name: "istiod",
	binary: "pilot-discovery",
	args: ({at, ports}) => [
		"discovery",
		`--kubeconfig=${at.kubeconfig}`,
		`--httpsAddr=127.0.0.1:${ports.istiodHttps}`,
		`--httpAddr=127.0.0.1:${ports.istiodHttp}`,
		`--grpcAddr=127.0.0.1:${ports.istiodGrpc}`,
		`--secureGRPCAddr=127.0.0.1:${ports.istiodSecureGrpc}`,
		`--monitoringAddr=127.0.0.1:${ports.istiodMonitoring}`,
		"--ctrlz_port=0",
		"--profile=false",
		"--domain=cluster.local",
	],
}

type EnvEntry = {name: string; value?: string}
type WithContainers = {spec: {template: {spec: {containers: {name: string; env?: EnvEntry[]}[]}}}}

/** The process gets the settings that its Deployment states, so that what it does is what the objects say. */
export function istiodEnv(manifests: readonly KubeObject[]): Record<string, string> {
	const deployment = manifests.find(({kind, metadata}) => kind === "Deployment" && metadata.name === "istiod")
	const spec = (deployment as (KubeObject & WithContainers) | undefined)?.spec
	const stated = spec?.template.spec.containers.flatMap(({env}) => env ?? []) ?? []
	const literal = stated.flatMap(({name, value}) => (value === undefined ? [] : [[name, value]]))
	return {
		...Object.fromEntries(literal),
		POD_NAMESPACE: rootNamespace,
		POD_NAME: "istiod-sandbox",
		SERVICE_ACCOUNT: "istiod",
		JWT_POLICY: "third-party-jwt",
		PILOT_ENABLE_AMBIENT: "true",
		// Its serving certificate then also names the host by which the API server reaches it.
		ISTIOD_CUSTOM_HOST: "localhost",
	}
}

type ClientConfig = {service?: {path?: string}; url?: string}
type Webhook = {clientConfig: ClientConfig; [key: string]: unknown}

/**
 * Makes Istio's objects fit a cluster whose istiod runs beside it: webhooks go to the process by URL, and the
 * workloads that simulated kubelets "run" say that they are stand-ins. Names and labels stay as Istio writes them.
 */
export function adapt(object: KubeObject, httpsPort: number): KubeObject {
	if (object.kind.endsWith("WebhookConfiguration")) {
		const webhooks = (object.webhooks as Webhook[]).map((webhook) => ({
			...webhook,
			clientConfig: {url: `https://localhost:${httpsPort}${webhook.clientConfig.service?.path ?? "/"}`},
		}))
		return {...object, webhooks}
	}
	if (object.kind !== "Deployment" && object.kind !== "DaemonSet") return object
	const note = `simulated pods; ${object.metadata.name === "istiod" ? "the real istiod runs as a process of the sandbox" : "no traffic is carried"}`
	const annotations = {...object.metadata.annotations, "heddle.dev/stand-in": note}
	return {...object, metadata: {...object.metadata, annotations}}
}

export const istioNamespace: KubeObject = {
	apiVersion: "v1",
	kind: "Namespace",
	metadata: {name: rootNamespace, labels: {"app.kubernetes.io/version": istioVersion}},
}
