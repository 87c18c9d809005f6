import type {KubeObject} from "../../../profiles/snapshot/object.ts"

export type WorkloadOptions = {
	readonly namespace: string
	readonly replicas?: number
	/** On the pods, beside `app`. */
	readonly labels?: Readonly<Record<string, string>>
	readonly annotations?: Readonly<Record<string, string>>
	/** Of the workload's spec, laid over what stands here. */
	readonly spec?: object
	/** Of the pods' spec. */
	readonly pod?: object
}

/** Slow enough for a test to look at, or to interfere with, a roll that is under way. */
export const slow = (seconds: number) => ({
	"heddle.dev/sim": "slow",
	"heddle.dev/sim-delay": `${seconds}s`,
})

const container = {
	name: "app",
	image: "registry.example/app:1",
	ports: [{containerPort: 8080}],
	readinessProbe: {tcpSocket: {port: 8080}},
}

const templateOf = (name: string, {labels = {}, annotations = {}, pod = {}}: WorkloadOptions) => ({
	metadata: {labels: {app: name, ...labels}, annotations},
	spec: {containers: [container], ...pod},
})

function workload(
	kind: string,
	name: string,
	options: WorkloadOptions & {readonly more?: object},
): KubeObject {
	const {namespace, replicas = 2, spec = {}, more = {replicas}} = options
	const selector = {matchLabels: {app: name}}
	return {
		apiVersion: "apps/v1",
		kind,
		metadata: {name, namespace},
		...{spec: {...more, selector, template: templateOf(name, options), ...spec}},
	}
}

export const deployment = (name: string, options: WorkloadOptions) => workload("Deployment", name, options)
export const statefulSet = (name: string, options: WorkloadOptions) =>
	workload("StatefulSet", name, {...options, more: {replicas: options.replicas ?? 3, serviceName: name}})
export const daemonSet = (name: string, options: WorkloadOptions) =>
	workload("DaemonSet", name, {...options, more: {}})

const once = {restartPolicy: "Never"}

export const job = (name: string, options: WorkloadOptions): KubeObject => ({
	apiVersion: "batch/v1",
	kind: "Job",
	metadata: {name, namespace: options.namespace},
	...{spec: {template: templateOf(name, {...options, pod: once}), ...options.spec}},
})

export const cronJob = (name: string, options: WorkloadOptions): KubeObject => ({
	apiVersion: "batch/v1",
	kind: "CronJob",
	metadata: {name, namespace: options.namespace},
	...{
		spec: {schedule: "0 0 1 1 *", jobTemplate: {spec: {template: templateOf(name, {...options, pod: once})}}},
	},
})

export const pod = (name: string, options: WorkloadOptions): KubeObject => ({
	apiVersion: "v1",
	kind: "Pod",
	...templateOf(name, options),
	metadata: {name, namespace: options.namespace, labels: {app: name}},
})

export const sidecar = {mode: "Sidecar", provider: "istio-sidecar"}
export const ambient = {mode: "Sidecarless", provider: "istio-ambient"}
export const quick = {waves: {soak: "0s"}}
