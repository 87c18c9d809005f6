import type {KubeObject} from "../snapshot/object.ts"
import {deployment, webhook} from "./builders.ts"

/** Dapr's control plane, as far as a plan looks at it. */
export function daprControlPlane(
	options: {readonly available?: number; readonly failurePolicy?: string} = {},
): readonly KubeObject[] {
	const {available = 1, failurePolicy = "Fail"} = options
	const name = "dapr-sidecar-injector"
	const built = deployment(name, {
		namespace: "dapr-system",
		labels: {app: name},
		template: {spec: {containers: [{name, image: "ghcr.io/dapr/dapr:1.18.3"}]}},
	})
	const hook = webhook(name, {service: {name, namespace: "dapr-system"}})
	return [
		{...built, status: {...built.status, availableReplicas: available}} as KubeObject,
		{...hook, webhooks: hook.webhooks?.map((one) => ({...one, failurePolicy}))} as KubeObject,
	]
}

export const daprObject = (kind: string, name: string, spec: object, namespace = "shop"): KubeObject => ({
	apiVersion: "dapr.io/v1alpha1",
	kind,
	metadata: {name, namespace},
	...{spec},
})
