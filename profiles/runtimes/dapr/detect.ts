import {versionIn} from "../../apis/istio/control-plane.ts"
import {perSnapshot} from "../../memo.ts"
import {labelOf} from "../../pods.ts"
import {reason} from "../../reasons.ts"
import * as kinds from "../../snapshot/kinds.ts"
import {refOf} from "../../snapshot/object.ts"
import type {Deployment, MutatingWebhookConfiguration} from "../../snapshot/shapes.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import type {RuntimeInstallation} from "../runtime.ts"

/** Dapr's control plane as far as the cluster shows it. */
export type DaprPlane = {
	readonly namespace: string
	readonly webhook?: MutatingWebhookConfiguration
	readonly injector?: Deployment
}

const injectorName = "dapr-sidecar-injector"

/** By its webhook, whose name the chart fixes, or by its injector's Deployment. */
export const daprPlane = perSnapshot((snapshot): DaprPlane | undefined => {
	const webhook = snapshot
		.list(kinds.MutatingWebhookConfiguration)
		.find(({metadata}) => metadata.name === injectorName)
	const injector = snapshot
		.list(kinds.Deployment)
		.find((one) => one.metadata.name === injectorName && labelOf(one, "app") === injectorName)
	if (webhook === undefined && injector === undefined) return undefined
	const namespace =
		injector?.metadata.namespace ??
		webhook?.webhooks?.find(({clientConfig}) => clientConfig?.service)?.clientConfig?.service?.namespace ??
		"dapr-system"
	return {namespace, ...(webhook ? {webhook} : {}), ...(injector ? {injector} : {})}
})

export function detect(snapshot: Snapshot): readonly RuntimeInstallation[] {
	const plane = daprPlane(snapshot)
	if (plane === undefined) return []
	const {injector, webhook, namespace} = plane
	const version = versionIn(injector?.spec?.template?.spec?.containers?.[0]?.image)
	const available = injector?.status?.availableReplicas ?? 0
	const healthy = webhook !== undefined && available > 0
	const why = webhook === undefined ? "its webhook is not there" : `${available} replicas of it are available`
	return [
		{
			runtime: "dapr",
			...(version === undefined ? {} : {version}),
			namespaces: [namespace],
			healthy,
			reasons: healthy
				? []
				: [
						reason("DaprInjectorUnavailable", {
							...(injector === undefined ? {} : {object: refOf(injector)}),
							message: `dapr-sidecar-injector cannot be counted on: ${why}.`,
						}),
					],
		},
	]
}

/** A pod passes the webhook without daprd when the injector does not answer; Ignore is the chart's default. */
export const failsOpen = ({webhook}: DaprPlane): boolean =>
	webhook?.webhooks?.some(({failurePolicy}) => failurePolicy === "Ignore") ?? false
