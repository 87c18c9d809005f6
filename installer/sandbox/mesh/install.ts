import type {Kube, KubeObject} from "../kube/client.ts"
import {patiently, type Until, until} from "../kube/retry.ts"
import {istioNamespace} from "./istiod.ts"

const isCrd = ({kind}: KubeObject) => kind === "CustomResourceDefinition"

type CrdSpec = {group: string; names: {plural: string}; versions: {name: string; served: boolean}[]}

/**
 * CRDs and the root namespace, until their kinds are served. It pays to wait for that: an istiod that starts before
 * meets kinds that are not there yet and comes back to them seconds later.
 */
export async function applyDefinitions(
	kube: Kube,
	objects: readonly KubeObject[],
	signal?: AbortSignal,
): Promise<void> {
	const apply = (object: KubeObject) => patiently(describe(object), () => kube.apply(object), signal)
	const install = async (crd: KubeObject) => {
		await apply(crd)
		await Promise.all(
			served(crd.spec as CrdSpec).map((path) =>
				patiently(`${path} is served`, () => kube.call("GET", path), signal),
			),
		)
	}
	await Promise.all([apply(istioNamespace), ...objects.filter(isCrd).map(install)])
}

function served({group, names, versions}: CrdSpec): string[] {
	return versions
		.filter((version) => version.served)
		.map(({name}) => `/apis/${group}/${name}/${names.plural}?limit=1`)
}

/** All the rest, in parallel; the ones that need a kind or a namespace which is not served yet are tried again. */
export async function applyObjects(
	kube: Kube,
	objects: readonly KubeObject[],
	signal?: AbortSignal,
): Promise<void> {
	const rest = objects.filter((object) => !isCrd(object))
	await Promise.all(rest.map((object) => patiently(describe(object), () => kube.apply(object), signal)))
}

const describe = ({kind, metadata}: KubeObject) => `apply ${kind} ${metadata.name}`

type Webhooks = {webhooks?: {clientConfig: {caBundle?: string}}[]}

/** istiod is of use once it has put its CA into the injector's webhook. */
export async function waitSigned(
	kube: Kube,
	waiting: Omit<Until, "what">,
	revision = "default",
): Promise<void> {
	const name = `istio-sidecar-injector${revision === "default" ? "" : `-${revision}`}`
	const path = `/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/${name}`
	await until({...waiting, what: "istiod signs its injector webhook"}, async () => {
		const {webhooks = []} = await kube.call<Webhooks>("GET", path)
		return (webhooks.length > 0 && webhooks.every(({clientConfig}) => clientConfig.caBundle)) || undefined
	})
}
