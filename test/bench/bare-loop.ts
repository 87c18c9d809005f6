import {Pool} from "undici"
import {loadConfig} from "../../operator/kube/config.ts"

/*
 * The peer of the operator's bench: the least that anybody can do. Three writes per namespace, 64 namespaces at a
 * time, no cache, no queue, no plan. Prints how long it took in milliseconds.
 * Arguments: kubeconfig, profile, namespaces.
 */

const [kubeconfig, profile, ...namespaces] = process.argv.slice(2)
const config = await loadConfig({kubeconfig})
const {headers, tls} = await config.credentials()
const pool = new Pool(config.server, {connections: 64, connect: tls})

async function apply(path: string, object: object): Promise<void> {
	const {statusCode, body} = await pool.request({
		method: "PATCH",
		path: `${path}?fieldManager=bare-loop&force=true`,
		headers: {...headers, "content-type": "application/apply-patch+yaml"},
		body: JSON.stringify(object),
	})
	const text = await body.text()
	if (statusCode >= 300) throw new Error(`${path}: ${statusCode} ${text}`)
}

async function converge(namespace: string): Promise<void> {
	const apiVersion = "heddle.dev/v1alpha1"
	const kind = "MeshBinding"
	const metadata = {name: "mesh", namespace}
	const binding = `/apis/${apiVersion}/namespaces/${namespace}/meshbindings/mesh`
	const labels = {"istio-injection": "enabled"}
	await apply(`/api/v1/namespaces/${namespace}`, {
		apiVersion: "v1",
		kind: "Namespace",
		metadata: {name: namespace, labels},
	})
	await apply(binding, {
		apiVersion,
		kind,
		metadata: {...metadata, labels: {"heddle.dev/profile": profile}},
		spec: {},
	})
	const ready = {
		type: "Ready",
		status: "True",
		reason: "UpToDate",
		message: "every workload is on its dataplane",
		lastTransitionTime: new Date().toISOString(),
	}
	const status = {profile, dataplane: "istio-sidecar", revision: "default", conditions: [ready]}
	await apply(`${binding}/status`, {apiVersion, kind, metadata, status})
}

const waiting = [...namespaces]
const began = performance.now()
await Promise.all(
	Array.from({length: 64}, async () => {
		for (let next = waiting.pop(); next; next = waiting.pop()) await converge(next)
	}),
)
console.log(performance.now() - began)
await pool.close()
