import {perSnapshot} from "../memo.ts"
import {labelOf} from "../pods.ts"
import * as kinds from "../snapshot/kinds.ts"
import type {DaemonSet, Deployment, MutatingWebhookConfiguration} from "../snapshot/shapes.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {versionIn} from "./version.ts"

/** What has to run for a pod to get a proxy, a certificate and its routes. */
export const components = ["proxy-injector", "identity", "destination"] as const
export type Component = (typeof components)[number]

/** Linkerd, of which a cluster has one: the name of its webhook is fixed. */
export type ControlPlane = {
	readonly namespace: string
	readonly webhook?: MutatingWebhookConfiguration
	readonly deployments: ReadonlyMap<Component, Deployment>
	/** The DaemonSet that redirects traffic where no init container may. */
	readonly cni?: DaemonSet
	/** Namespaces of extensions such as viz and multicluster. */
	readonly extensions: readonly string[]
}

const webhookName = "linkerd-proxy-injector-webhook-config"
const componentLabel = "linkerd.io/control-plane-component"

/** Linkerd's control plane as far as the cluster shows it; undefined when nothing of it is there. */
export const controlPlane = perSnapshot((snapshot): ControlPlane | undefined => {
	const webhook = snapshot.get(kinds.MutatingWebhookConfiguration, webhookName)
	const service = injectorOf(webhook)?.clientConfig?.service
	const all = snapshot.list(kinds.Deployment).filter((one) => labelOf(one, componentLabel) !== undefined)
	const namespace = service?.namespace ?? all[0]?.metadata.namespace
	if (webhook === undefined && all.length === 0) return undefined
	const own = all.filter(({metadata}) => metadata.namespace === namespace)
	const cni = snapshot.list(kinds.DaemonSet).find(({metadata}) => metadata.name === "linkerd-cni")
	return {
		namespace: namespace ?? "linkerd",
		...(webhook ? {webhook} : {}),
		...(cni ? {cni} : {}),
		deployments: new Map(
			components.flatMap((component) => {
				const found = own.find((one) => labelOf(one, componentLabel) === component)
				return found === undefined ? [] : [[component, found] as const]
			}),
		),
		extensions: snapshot
			.list(kinds.Namespace)
			.filter((one) => labelOf(one, "linkerd.io/extension") !== undefined)
			.map(({metadata}) => metadata.name),
	}
})

export const injectorOf = (webhook: MutatingWebhookConfiguration | undefined) =>
	webhook?.webhooks?.find(({clientConfig}) => clientConfig !== undefined)

export function versionOf({deployments}: ControlPlane): string | undefined {
	const told = [...deployments.values()].flatMap((one) => [
		labelOf(one, "app.kubernetes.io/version"),
		...(one.spec?.template?.spec?.containers ?? [])
			.filter(({name}) => name !== "linkerd-proxy")
			.map(({image}) => image),
	])
	return told.map(versionIn).find((version) => version !== undefined)
}

/** Since 1.29 Kubernetes restarts init containers that ask for it. */
const oldestNode = /^v?1\.(?:[01]?\d|2[0-8])(?:\D|$)/

/**
 * Whether new proxies are native sidecars. The setting stands in a ConfigMap, which is not read; the chart gives the
 * control plane's own pods the same proxy, so their templates show it.
 * Source: linkerd2:charts/linkerd-control-plane/templates/proxy-injector.yaml
 */
export function proxiesAreNative(snapshot: Snapshot): boolean {
	const plane = controlPlane(snapshot)
	const kubelets = snapshot.list(kinds.Node).map(({status}) => status?.nodeInfo?.kubeletVersion ?? "v1.0")
	if (plane === undefined || kubelets.length === 0 || kubelets.some((one) => oldestNode.test(one)))
		return false
	return [...plane.deployments.values()].some((one) =>
		(one.spec?.template?.spec?.initContainers ?? []).some(
			({name, restartPolicy}) => name === "linkerd-proxy" && restartPolicy === "Always",
		),
	)
}
