import {perSnapshot} from "../../memo.ts"
import {labelOf} from "../../pods.ts"
import * as kinds from "../../snapshot/kinds.ts"
import type {ConfigMap, Deployment, MutatingWebhookConfiguration, Service} from "../../snapshot/shapes.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {GatewayClass} from "../gateway-api/kinds.ts"

/** One revision of Istio's control plane, as far as the cluster shows it. */
export type ControlPlane = {
	readonly revision: string
	readonly tags: readonly string[]
	readonly namespace: string
	/** Absent when istiod runs outside of the cluster, or could not be read. */
	readonly deployment?: Deployment
	/** The Service that its webhook calls. */
	readonly service?: Service
	readonly webhooks: readonly MutatingWebhookConfiguration[]
}

const clientOf = (webhook: MutatingWebhookConfiguration) =>
	webhook.webhooks?.find((one) => one.clientConfig)?.clientConfig

/** Names of injectors and of tags; third parties may carry the label `istio.io/rev` on webhooks of their own. */
const isInjector = ({metadata: {name}}: MutatingWebhookConfiguration) =>
	name.startsWith("istio-sidecar-injector") || name.startsWith("istio-revision-tag")

const revisionOf = (object: Deployment | MutatingWebhookConfiguration) =>
	labelOf(object, "istio.io/rev") || "default"

/** Istio's control planes, by revision. */
export const controlPlanes = perSnapshot((snapshot): readonly ControlPlane[] => {
	const webhooks = snapshot.list(kinds.MutatingWebhookConfiguration).filter(isInjector)
	const deployments = snapshot.list(kinds.Deployment).filter((one) => labelOf(one, "app") === "istiod")
	const revisions = [...new Set([...webhooks, ...deployments].map(revisionOf))].sort()
	return revisions.map((revision) =>
		controlPlane({
			snapshot,
			revision,
			webhooks: webhooks.filter((one) => revisionOf(one) === revision),
			deployment: deployments.find((one) => revisionOf(one) === revision),
		}),
	)
})

function controlPlane({
	snapshot,
	revision,
	webhooks,
	deployment,
}: {
	snapshot: Snapshot
	revision: string
	webhooks: readonly MutatingWebhookConfiguration[]
	deployment: Deployment | undefined
}): ControlPlane {
	const target = webhooks
		.map((webhook) => clientOf(webhook)?.service)
		.find((service) => service !== undefined)
	const service = target && snapshot.get(kinds.Service, target.name, target.namespace)
	return {
		revision,
		tags: webhooks.flatMap((webhook) => labelOf(webhook, "istio.io/tag") ?? []).sort(),
		namespace: deployment?.metadata.namespace ?? target?.namespace ?? "istio-system",
		webhooks,
		...(deployment ? {deployment} : {}),
		...(service ? {service} : {}),
	}
}

/** The API server can call the injector: one webhook has a certificate, which istiod itself puts there. */
export function hasCertificate({webhooks}: ControlPlane): boolean {
	return webhooks.some((webhook) => (clientOf(webhook)?.caBundle ?? "") !== "")
}

/** Runs outside of the cluster, behind a Service without selector or at an address of its own. */
export function isExternal({deployment, service, webhooks}: ControlPlane): boolean {
	if (deployment !== undefined) return false
	if (service !== undefined) return Object.keys(service.spec?.selector ?? {}).length === 0
	return webhooks.some((webhook) => clientOf(webhook)?.url !== undefined)
}

const releaseTag = /:v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)$/

/** The version that an image reference or a label tells; variants such as `-distroless` are no pre-releases. */
export function versionIn(text: string | undefined): string | undefined {
	const tag = (text ?? "").split("@")[0]?.split(":").at(-1)
	return releaseTag.exec(`:${tag}`)?.[1]?.replace(/-(distroless|debug|fips|solo)$/, "")
}

export function versionOf({deployment, service, webhooks}: ControlPlane): string | undefined {
	const image = deployment?.spec?.template?.spec?.containers?.find(({name}) => name === "discovery")?.image
	const labels = [deployment, service, ...webhooks].map(
		(object) => object && labelOf(object, "app.kubernetes.io/version"),
	)
	return [image, ...labels].map(versionIn).find((version) => version !== undefined)
}

/** The value of an environment variable of istiod; undefined when it is not set or istiod is not to be seen. */
export function environmentOf({deployment}: ControlPlane, name: string): string | undefined {
	const container = deployment?.spec?.template?.spec?.containers?.find((one) => one.name === "discovery")
	return container?.env?.find((variable) => variable.name === name)?.value
}

/**
 * Ambient is on, and with it HBONE for new sidecars. istiod's own environment tells; one outside of the cluster
 * cannot be looked into, and is believed by the class of waypoints, which istiod creates only with ambient on.
 */
export function ambientIsOn(snapshot: Snapshot, plane: ControlPlane): boolean {
	if (environmentOf(plane, "PILOT_ENABLE_AMBIENT") === "true") return true
	return isExternal(plane) && snapshot.get(GatewayClass, "istio-waypoint") !== undefined
}

/**
 * Namespaces whose policies hold for the whole mesh: that of MeshConfig where the ConfigMap is to be seen, as it is in
 * files; else istiod's own, which is Istio's default. A cluster without a visible control plane has the default of both.
 */
export const rootNamespaces = perSnapshot((snapshot): readonly string[] => {
	const found = [...new Set(controlPlanes(snapshot).map((plane) => rootOf(snapshot, plane)))]
	return found.length === 0 ? ["istio-system"] : found
})

/** A key of the outermost level. Source: istio:manifests/charts/istio-control/istio-discovery/templates/configmap.yaml */
const rootKey = /^rootNamespace:[ \t]*["']?([a-z0-9-]+)/m

function rootOf(snapshot: Snapshot, plane: ControlPlane): string {
	const mesh = meshConfigOf(snapshot, plane)?.data?.mesh
	return (typeof mesh === "string" ? rootKey.exec(mesh)?.[1] : undefined) ?? plane.namespace
}

/** The mesh's settings, where they are to be seen. */
export function meshConfigOf(snapshot: Snapshot, {namespace, revision}: ControlPlane): ConfigMap | undefined {
	const name = revision === "default" ? "istio" : `istio-${revision}`
	return snapshot.get(kinds.ConfigMap, name, namespace)
}
