import {z} from "zod"
import type {Manifest} from "../manifest.ts"
import {objects} from "../part.ts"
import type {Recipe} from "../recipe.ts"
import {controlPlaneNamespace, namespace} from "./fields.ts"

/** How containerd calls the shim of each runtime: runwasi, docs/src/getting-started. */
const handlers = {wasmedge: "wasmedge", wasmtime: "wasmtime", spin: "wasmtime-spin-v2"} as const

const args = z.strictObject({
	runtimes: z
		.array(z.enum(["wasmedge", "wasmtime", "spin"]))
		.min(1)
		.default(["wasmedge"]),
	nodeLabel: z.string().min(1).default("heddle.dev/wasm"),
	installerImage: z.string().min(1).optional(),
	namespace: namespace("wasm-system"),
})
type Args = z.infer<typeof args>

export const wasmRuntime: Recipe<Args> = {
	token: "heddle:index:WasmRuntime",
	args,
	problems: ({runtimes}) =>
		new Set(runtimes).size === runtimes.length ? [] : ["runtimes: one of them is there twice"],
	parts: (given) => [
		...(given.installerImage === undefined ? [] : [objects(...nodeSetup(given, given.installerImage))]),
		objects(...given.runtimes.map((runtime) => runtimeClass(runtime, given))),
	],
}

/** Pods of the class go to the nodes that have the shim: elsewhere they would wait for a sandbox for ever. */
function runtimeClass(runtime: keyof typeof handlers, {nodeLabel}: Args): Manifest {
	return {
		apiVersion: "node.k8s.io/v1",
		kind: "RuntimeClass",
		metadata: {name: runtime},
		handler: handlers[runtime],
		scheduling: {nodeSelector: {[nodeLabel]: "true"}},
	}
}

/**
 * Puts the shims onto the labelled nodes by an image that the user has chosen, for it gets the node's whole disk: the
 * convention of the node installers of SpinKube and KWasm, which find that disk at NODE_ROOT.
 */
function nodeSetup({namespace, nodeLabel}: Args, image: string): Manifest[] {
	const labels = {"app.kubernetes.io/name": "wasm-node-setup", "app.kubernetes.io/part-of": "heddle"}
	const root = "/mnt/node-root"
	return [
		controlPlaneNamespace(namespace, {"pod-security.kubernetes.io/enforce": "privileged"}),
		{
			apiVersion: "apps/v1",
			kind: "DaemonSet",
			metadata: {name: "wasm-node-setup", namespace, labels},
			spec: {
				selector: {matchLabels: {"app.kubernetes.io/name": "wasm-node-setup"}},
				updateStrategy: {type: "RollingUpdate", rollingUpdate: {maxUnavailable: 1}},
				template: {
					metadata: {labels},
					spec: {
						nodeSelector: {[nodeLabel]: "true"},
						automountServiceAccountToken: false,
						hostPID: true,
						initContainers: [
							{
								name: "install",
								image,
								securityContext: {privileged: true},
								env: [{name: "NODE_ROOT", value: root}],
								volumeMounts: [{name: "node-root", mountPath: root}],
								resources: {requests: {cpu: "10m", memory: "32Mi"}},
							},
						],
						containers: [
							{
								name: "installed",
								image: "registry.k8s.io/pause:3.10",
								securityContext: {
									allowPrivilegeEscalation: false,
									readOnlyRootFilesystem: true,
									runAsNonRoot: true,
									runAsUser: 65535,
									capabilities: {drop: ["ALL"]},
								},
								resources: {requests: {cpu: "1m", memory: "1Mi"}, limits: {memory: "16Mi"}},
							},
						],
						volumes: [{name: "node-root", hostPath: {path: "/"}}],
					},
				},
			},
		},
	]
}
