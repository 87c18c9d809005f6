import type {KubeObject} from "../../profiles/snapshot/object.ts"

type Labels = Readonly<Record<string, string>>

/** Manifests as a person writes them, for the real API server to default. */
export function profile(name: string, spec: object): KubeObject {
	return manifest("heddle.dev/v1alpha1", "MeshProfile", {name}, {spec})
}

export type WorkloadOptions = {
	readonly namespace: string
	readonly replicas?: number
	/** On the pods, beside `app`. */
	readonly labels?: Labels
	readonly annotations?: Labels
}

/** A Deployment whose pods a simulated kubelet runs: the image is never pulled. */
export function deployment(name: string, options: WorkloadOptions): KubeObject {
	const {namespace, replicas = 1, labels = {}, annotations = {}} = options
	return manifest(
		"apps/v1",
		"Deployment",
		{name, namespace},
		{
			spec: {
				replicas,
				selector: {matchLabels: {app: name}},
				template: {
					metadata: {labels: {app: name, ...labels}, annotations},
					spec: {
						containers: [{name: "app", image: "registry.example/app:1", ports: [{containerPort: 8080}]}],
					},
				},
			},
		},
	)
}

function manifest(
	apiVersion: string,
	kind: string,
	metadata: KubeObject["metadata"],
	rest: object,
): KubeObject {
	return {apiVersion, kind, metadata, ...rest}
}
