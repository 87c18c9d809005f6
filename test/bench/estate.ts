import {mkdirSync, writeFileSync} from "node:fs"
import {join} from "node:path"
import {controlPlanes} from "../../operator/plan/testing/cluster.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import {deployment, namespace, node, service, sidecarPod} from "../../profiles/testing/builders.ts"
import {ambientAgents} from "../../profiles/testing/istio.ts"

export type Estate = {readonly namespaces: number; readonly podsEach: number; readonly nodes: number}

/** Namespaces per file: one text of everything would be more than JavaScript holds in a string. */
const perFile = 500

/**
 * Writes the dump of a large cluster on sidecars, with a profile that takes all of it to ambient. Pods are small for
 * pods, 2 KB: the larger they are the more of the time is JSON.parse's, and the better the ratio. Returns the bytes.
 */
export function writeEstate(folder: string, estate: Estate): number {
	mkdirSync(folder, {recursive: true})
	let bytes = write(folder, "cluster.json", [...clusterObjects(estate), profile])
	for (let first = 0; first < estate.namespaces; first += perFile) {
		const count = Math.min(perFile, estate.namespaces - first)
		const items = Array.from({length: count}, (_, index) => namespaceObjects(first + index, estate)).flat()
		bytes += write(folder, `namespaces-${first}.json`, items)
	}
	return bytes
}

function write(folder: string, name: string, items: readonly object[]): number {
	const text = JSON.stringify({apiVersion: "v1", kind: "List", metadata: {resourceVersion: ""}, items})
	writeFileSync(join(folder, name), text)
	return Buffer.byteLength(text)
}

const profile = {
	apiVersion: "heddle.dev/v1alpha1",
	kind: "MeshProfile",
	metadata: {name: "all"},
	spec: {
		namespaceSelector: {matchLabels: {estate: "yes"}},
		dataplane: {mode: "Sidecarless", provider: "istio-ambient"},
		migration: {accept: ["NoReadinessProbe"]},
	},
}

function clusterObjects({nodes}: Estate): readonly KubeObject[] {
	const names = Array.from({length: nodes}, (_, index) => `node-${index}`)
	return [...names.map((name) => node(name)), ...controlPlanes.istio(), ...ambientAgents(names)]
}

const variables = Array.from({length: 6}, (_, index) => ({
	name: `SETTING_${index}`,
	value: `value-of-setting-${index}`,
}))

function namespaceObjects(index: number, {podsEach, nodes}: Estate): readonly KubeObject[] {
	const name = `team-${index}`
	const apps = ["web", "api"]
	const pods = Array.from({length: podsEach}, (_, at) => {
		const app = apps[at % apps.length] ?? "web"
		return sidecarPod(`${app}-6d4cf56db6-${at}`, {
			namespace: name,
			node: `node-${(index * podsEach + at) % nodes}`,
			labels: {app, "app.kubernetes.io/part-of": "shop", "pod-template-hash": "6d4cf56db6"},
			owner: {kind: "ReplicaSet", name: `${app}-6d4cf56db6`},
			containers: [
				{
					name: "app",
					image: "registry.example/shop/app:1.4.2",
					env: variables,
					ports: [{name: "http", containerPort: 8080}],
					resources: {requests: {cpu: "100m", memory: "128Mi"}, limits: {memory: "256Mi"}},
					readinessProbe: {httpGet: {path: "/ready", port: 8080}},
				},
			],
		})
	})
	return [
		namespace(name, {estate: "yes", "istio-injection": "enabled"}),
		...apps.flatMap((app) => [
			deployment(app, {namespace: name, replicas: Math.ceil(podsEach / apps.length)}),
			service(app, {namespace: name}),
		]),
		...pods,
	]
}
