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

async function request(method: "PATCH" | "DELETE", path: string, object: object): Promise<void> {
	const {statusCode, body} = await pool.request({
		method,
		path: method === "PATCH" ? `${path}?fieldManager=bare-loop&force=true` : path,
		headers: {
			...headers,
			"content-type": method === "PATCH" ? "application/apply-patch+yaml" : "application/json",
		},
		body: JSON.stringify(object),
	})
	const text = await body.text()
	if (statusCode >= 300) throw new Error(`${path}: ${statusCode} ${text}`)
}

const bindingOf = (namespace: string) => `/apis/heddle.dev/v1alpha1/namespaces/${namespace}/meshbindings/mesh`

async function converge(namespace: string): Promise<void> {
	const apiVersion = "heddle.dev/v1alpha1"
	const kind = "MeshBinding"
	const metadata = {name: "mesh", namespace}
	const binding = bindingOf(namespace)
	const labels = {"istio-injection": "enabled"}
	await request("PATCH", `/api/v1/namespaces/${namespace}`, {
		apiVersion: "v1",
		kind: "Namespace",
		metadata: {name: namespace, labels},
	})
	await request("PATCH", binding, {
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
	await request("PATCH", `${binding}/status`, {apiVersion, kind, metadata, status})
}

async function everywhere(work: (namespace: string) => Promise<void>): Promise<void> {
	const waiting = [...namespaces]
	const worker = async () => {
		for (let next = waiting.pop(); next; next = waiting.pop()) await work(next)
	}
	await Promise.all(Array.from({length: 64}, worker))
}

const began = performance.now()
await everywhere(converge)
console.log(performance.now() - began)
// An operator would take bindings away that no profile asks for, in the middle of its own turn.
await everywhere((namespace) => request("DELETE", bindingOf(namespace), {}))
await pool.close()
