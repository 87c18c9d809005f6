import {answersOk} from "../kube/answers-ok.ts"
import type {Kube, KubeObject} from "../kube/client.ts"
import {patiently, type Until, until} from "../kube/retry.ts"
import {adapt, istioNamespace} from "./istiod.ts"

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
	httpsPort: number,
	signal?: AbortSignal,
): Promise<void> {
	const rest = objects.filter((object) => !isCrd(object)).map((object) => adapt(object, httpsPort))
	await Promise.all(rest.map((object) => patiently(describe(object), () => kube.apply(object), signal)))
}

const describe = ({kind, metadata}: KubeObject) => `apply ${kind} ${metadata.name}`

type Webhooks = {webhooks?: {clientConfig: {caBundle?: string}}[]}

/** istiod is of use once it answers and has put its CA into the injector's webhook. */
export async function waitInjecting(
	kube: Kube,
	httpPort: number,
	waiting: Omit<Until, "what">,
	check: () => void,
): Promise<void> {
	await until({...waiting, what: "istiod becomes ready"}, async () => {
		check()
		return (await answersOk(httpPort, "/ready")) || undefined
	})
	const path = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/istio-sidecar-injector"
	await until({...waiting, what: "istiod signs its injector webhook"}, async () => {
		check()
		const {webhooks = []} = await kube.call<Webhooks>("GET", path)
		return (webhooks.length > 0 && webhooks.every(({clientConfig}) => clientConfig.caBundle)) || undefined
	})
}
