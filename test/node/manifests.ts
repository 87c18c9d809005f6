import {readFileSync} from "node:fs"
import {imageNames} from "../../installer/sandbox/node/images.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"

type Labels = Readonly<Record<string, string>>
const sources = ["server", "load", "long"] as const

const read = (name: string) => readFileSync(new URL(`pods/${name}.ts`, import.meta.url), "utf8")

/** What the pods run, as Node runs it: TypeScript. */
export const programs = (namespace: string): KubeObject => ({
	apiVersion: "v1",
	kind: "ConfigMap",
	metadata: {name: "programs", namespace},
	...{data: Object.fromEntries(sources.map((name) => [`${name}.ts`, read(name)]))},
})

const serviceAccount = (name: string, namespace: string): KubeObject => ({
	apiVersion: "v1",
	kind: "ServiceAccount",
	metadata: {name, namespace},
})

type PodOptions = {
	program: (typeof sources)[number]
	env?: Labels
	labels?: Labels
	annotations?: Labels
	account?: string
	container?: object
}

function podTemplate({
	program,
	env = {},
	labels = {},
	annotations = {},
	account,
	container = {},
}: PodOptions) {
	return {
		metadata: {labels, annotations},
		spec: {
			...(account && {serviceAccountName: account}),
			terminationGracePeriodSeconds: 40,
			containers: [
				{
					name: "app",
					image: imageNames.node,
					args: ["--disable-warning=ExperimentalWarning", `/programs/${program}.ts`],
					env: Object.entries(env).map(([name, value]) => ({name, value})),
					resources: {requests: {cpu: "20m", memory: "64Mi"}},
					volumeMounts: [{name: "programs", mountPath: "/programs"}],
					...container,
				},
			],
			volumes: [{name: "programs", configMap: {name: "programs"}}],
		},
	}
}

/** Long enough for everybody to learn that the pod is going, before it stops to answer. */
const preStop = {preStop: {sleep: {seconds: 6}}}

export type AppOptions = {namespace: string; labels?: Labels; env?: Labels; spec?: object}

/** Two replicas that a roll replaces one by one, never with fewer of them than two. */
export function application({namespace, labels = {}, env = {}, spec = {}}: AppOptions): KubeObject[] {
	const selector = {app: "app"}
	const template = podTemplate({
		program: "server",
		env,
		labels: {...selector, ...labels},
		container: {
			ports: [8080, 8081, 9000].map((containerPort) => ({containerPort})),
			readinessProbe: {httpGet: {path: "/ready", port: 8080}, periodSeconds: 1, failureThreshold: 2},
			lifecycle: preStop,
		},
	})
	const strategy = {type: "RollingUpdate", rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
	const ports = [
		{name: "http", port: 8080},
		{name: "http2-stream", port: 8081},
		{name: "tcp-echo", port: 9000},
	]
	return [
		programs(namespace),
		{
			apiVersion: "apps/v1",
			kind: "Deployment",
			metadata: {name: "app", namespace},
			...{
				spec: {
					replicas: 2,
					minReadySeconds: 2,
					selector: {matchLabels: selector},
					strategy,
					template,
					...spec,
				},
			},
		},
		{apiVersion: "v1", kind: "Service", metadata: {name: "app", namespace}, ...{spec: {selector, ports}}},
	]
}

/** What captures a client, by its own labels: what its namespace says does not count for it. */
const meshes = {
	none: {"sidecar.istio.io/inject": "false", "istio.io/dataplane-mode": "none"},
	sidecar: {"sidecar.istio.io/inject": "true", "istio.io/dataplane-mode": "none"},
	ambient: {"sidecar.istio.io/inject": "false", "istio.io/dataplane-mode": "ambient"},
} satisfies Record<string, Labels>
export type ClientMesh = keyof typeof meshes

export type ClientOptions = {
	name: string
	namespace: string
	program: "load" | "long"
	env: Labels
	mesh: ClientMesh
}

/** One client, alone in its pod, with an account of its own name. The port of its report stays outside of the mesh. */
export function client({name, namespace, program, env, mesh}: ClientOptions): KubeObject[] {
	const template = podTemplate({
		program,
		env,
		account: name,
		labels: {app: name, ...meshes[mesh]},
		annotations: {"traffic.sidecar.istio.io/excludeInboundPorts": "7000"},
		container: {readinessProbe: {httpGet: {path: "/seconds", port: 7000}, periodSeconds: 1}},
	})
	const {metadata, spec} = template
	return [
		serviceAccount(name, namespace),
		{apiVersion: "v1", kind: "Pod", metadata: {...metadata, name, namespace}, ...{spec}},
	]
}
