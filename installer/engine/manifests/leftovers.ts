import type {Live, ObjectApi} from "./api.ts"
import {inParallel} from "./parallel.ts"

/** What a control plane itself makes, outside of its own namespace, and does not take away when it goes. */
type Leftover = {
	/** A member that tells that the control plane was ours. */
	readonly of: (object: Live) => boolean
	/** `Kind.group`. */
	readonly groupKind: string
	readonly labelSelector?: string
	readonly isIt: (object: Live) => boolean
	readonly source: string
}

const istiod = ({kind, metadata}: Live) => kind === "Deployment" && /^istiod(-.*)?$/.test(metadata.name)

const known: readonly Leftover[] = [
	{
		of: istiod,
		groupKind: "ConfigMap",
		labelSelector: "istio.io/config=true",
		isIt: ({metadata}) => ["istio-ca-root-cert", "istio-ca-crl"].includes(metadata.name),
		source: "istio:pilot/pkg/serviceregistry/kube/controller/namespacecontroller.go",
	},
	{
		of: istiod,
		groupKind: "GatewayClass.gateway.networking.k8s.io",
		isIt: (object) => controllerOf(object).startsWith("istio.io/"),
		source: "istio:pilot/pkg/config/kube/gateway (builtin classes)",
	},
	// istioctl sets tags beside an installation. Without an istiod their webhooks fail every pod that they select.
	{
		of: istiod,
		groupKind: "MutatingWebhookConfiguration.admissionregistration.k8s.io",
		labelSelector: "istio.io/tag",
		isIt: (object) => webhooksOf(object).every(({clientConfig}) => clientConfig?.url === undefined),
		source: "istio:istioctl/pkg/tag/generate.go",
	},
	{
		of: istiod,
		groupKind: "Service",
		labelSelector: "istio.io/tag",
		isIt: ({metadata}) => metadata.name.startsWith("istiod-revision-tag-"),
		source: "istio:manifests/charts/istio-control/istio-discovery/templates/revision-tags-svc.yaml",
	},
]

const controllerOf = (object: Live) =>
	(object.spec as {readonly controllerName?: string} | undefined)?.controllerName ?? ""

type Webhook = {readonly clientConfig?: {readonly url?: string}}
const webhooksOf = (object: Live) => (object.webhooks ?? []) as readonly Webhook[]

/** Traces that the removed control planes have left; none where another one of the same kind still runs. */
export async function leftovers(api: ObjectApi, removed: readonly Live[]): Promise<Live[]> {
	const lists = await inParallel(known, async ({of, groupKind, labelSelector, isIt}) => {
		if (!removed.some(of)) return []
		if ((await api.list("Deployment.apps")).some(of)) return []
		return (await api.list(groupKind, labelSelector)).filter(isIt)
	})
	return lists.flat()
}
