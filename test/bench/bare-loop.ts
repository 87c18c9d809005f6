import {Pool} from "undici"
import type {MeshBinding} from "../../crds/generated.ts"
import {loadConfig} from "../../operator/kube/config.ts"

/*
 * The peer of the operator's bench: the least that anybody can do. Three writes per namespace, 64 namespaces at a
 * time, no cache, no queue, no plan. Prints how long it took in milliseconds.
 * Arguments: kubeconfig, a MeshBinding that the operator wrote (as JSON), namespaces.
 */

const [kubeconfig, text = "", ...namespaces] = process.argv.slice(2)
const sample = JSON.parse(text) as MeshBinding
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

const pathOf = (namespace: string) => `/apis/heddle.dev/v1alpha1/namespaces/${namespace}/meshbindings/mesh`

/** The very fields that the operator wrote for another namespace, made this one's. */
async function converge(namespace: string): Promise<void> {
	const {apiVersion, kind, metadata, status} = sample
	const identity = {apiVersion, kind, metadata: {name: "mesh", namespace}}
	const {labels, annotations, finalizers} = metadata
	const path = pathOf(namespace)
	await request("PATCH", path, {
		...identity,
		metadata: {...identity.metadata, labels, annotations, finalizers},
	})
	await request("PATCH", `/api/v1/namespaces/${namespace}`, {
		apiVersion: "v1",
		kind: "Namespace",
		metadata: {name: namespace, labels: {"istio-injection": "enabled"}},
	})
	await request("PATCH", `${path}/status`, {...identity, status})
}

async function forget(namespace: string): Promise<void> {
	const {apiVersion, kind} = sample
	await request("PATCH", pathOf(namespace), {apiVersion, kind, metadata: {name: "mesh", namespace}})
	await request("DELETE", pathOf(namespace), {})
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
await everywhere(forget)
await pool.close()
