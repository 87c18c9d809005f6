import {X509Certificate} from "node:crypto"
import {plural} from "../../profiles/names.ts"
import {isReady, selects} from "../../profiles/pods.ts"
import * as kinds from "../../profiles/snapshot/kinds.ts"
import type {MutatingWebhookConfiguration} from "../../profiles/snapshot/shapes.ts"
import type {Finding, Outcome, PureCheck, Scene} from "./types.ts"

type Hook = NonNullable<MutatingWebhookConfiguration["webhooks"]>[number]
type Injector = {readonly ref: string; readonly configuration: string; readonly hooks: readonly Hook[]}

/** Configurations that change pods on their way in, by the names that their projects give them. */
const injectorNames: readonly RegExp[] = [
	/^istio-sidecar-injector/,
	/^istio-revision-tag/,
	/^linkerd-proxy-injector-webhook-config$/,
	/^dapr-sidecar-injector$/,
]

const day = 86_400_000
/** Time enough to rotate by hand. */
const notice = 30 * day

const reads = [kinds.MutatingWebhookConfiguration]

export const webhookChecks: readonly PureCheck[] = [
	{
		id: "webhook-certificate",
		group: "Webhooks",
		title: "the API server can trust every injector",
		severity: "error",
		doc: "An injector without a certificate authority, or with one that has expired, cannot be called. With failurePolicy Fail no pod of an enrolled namespace starts; with Ignore pods start without a proxy, and nobody is told.",
		fix: "Let the control plane put its certificate into the webhook, or rotate it.",
		reads,
		look: (scene) => ofInjectors(scene, (one) => certificates(one, scene.now).filter(({expired}) => expired)),
	},
	{
		id: "webhook-certificate-expiry",
		group: "Webhooks",
		title: "no injector's certificate runs out soon",
		severity: "warning",
		doc: "The authority that an injector is trusted by runs out within 30 days.",
		fix: "Rotate it before it does.",
		reads,
		look: (scene) =>
			ofInjectors(scene, (one) => certificates(one, scene.now).filter(({expired}) => !expired)),
	},
	{
		id: "webhook-backend",
		group: "Webhooks",
		title: "every injector has a pod that answers",
		severity: "error",
		doc: "An injector whose Service selects no ready pod cannot be called. With failurePolicy Fail no pod of an enrolled namespace starts: a rollout would stop after its first pod. Services without a selector lead out of the cluster and are not judged.",
		fix: "Bring the control plane up, or remove the webhook that is left of it.",
		reads: [...reads, kinds.Service, kinds.Pod],
		look: (scene) => ofInjectors(scene, (one) => silent(one, scene)),
	},
	{
		id: "webhook-fail-open",
		group: "Webhooks",
		title: "no injector fails open",
		severity: "warning",
		doc: "With failurePolicy Ignore, the default of Linkerd and Dapr, a pod starts without its proxy while the injector does not answer, and without an error. Heddle proves every pod, so a migration stops there; pods that others make are not looked at.",
		fix: "Set failurePolicy to Fail, as the high-availability values of Linkerd do.",
		reads,
		look: (scene) =>
			ofInjectors(scene, ({hooks, ref, configuration}) =>
				hooks
					.filter(({failurePolicy}) => failurePolicy === "Ignore")
					.slice(0, 1)
					.map(() => ({object: ref, message: `${configuration} has failurePolicy Ignore`})),
			),
	},
	{
		id: "webhook-order",
		group: "Webhooks",
		title: "injectors of different meshes do not meet",
		severity: "info",
		doc: "The API server calls webhooks in the order of their configurations' names: Dapr, then Istio, then Linkerd. A later injector sees the containers of an earlier one; Linkerd skips a pod that has a proxy of Istio, so a pod that is enrolled in both gets Istio's alone, silently.",
		fix: "Enrol a namespace in one mesh only; double-enrolment names those in two.",
		reads,
		look: (scene) => {
			const order = injectorsOf(scene).map(({configuration}) => configuration)
			const meshes = new Set(order.map((name) => name.split("-")[0]))
			const both = meshes.has("istio") && meshes.has("linkerd")
			return order.length === 0
				? {seen: "no injector", findings: []}
				: {
						seen: order.join(", "),
						findings: both ? [{message: `they are called in this order: ${order.join(", ")}`}] : [],
					}
		},
	},
]

function injectorsOf({snapshot}: Scene): readonly Injector[] {
	return snapshot
		.list(kinds.MutatingWebhookConfiguration)
		.filter(({metadata}) => injectorNames.some((name) => name.test(metadata.name)))
		.map(({metadata, webhooks}) => ({
			ref: `MutatingWebhookConfiguration/${metadata.name}`,
			configuration: metadata.name,
			hooks: Array.isArray(webhooks) ? webhooks : [],
		}))
}

function ofInjectors(scene: Scene, look: (injector: Injector) => readonly Finding[]): Outcome {
	const injectors = injectorsOf(scene)
	if (injectors.length === 0) return {seen: "no injector", findings: []}
	return {
		seen: plural(injectors.length, "injector"),
		findings: injectors
			.flatMap(look)
			.map(({object, message}) => ({...(object === undefined ? {} : {object}), message})),
	}
}

type Dated = Finding & {readonly expired: boolean}

function certificates({hooks, ref, configuration}: Injector, now: Date): readonly Dated[] {
	const bundles = [...new Set(hooks.map(({clientConfig}) => clientConfig?.caBundle ?? ""))]
	return bundles.flatMap((bundle) => {
		const said = judged(bundle, now)
		return said === undefined
			? []
			: [{object: ref, message: `${configuration} ${said.what}`, expired: said.expired}]
	})
}

const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** The best certificate of a bundle counts: while it is rotated the old one stands beside the new one. */
function judged(bundle: string, now: Date): {what: string; expired: boolean} | undefined {
	if (bundle === "") return {what: "has no certificate authority", expired: true}
	const ends = (Buffer.from(bundle, "base64").toString("latin1").match(pem) ?? []).flatMap(endOf)
	const last = Math.max(...ends)
	if (ends.length === 0) return {what: "has a certificate authority that cannot be read", expired: true}
	const date = new Date(last).toISOString().slice(0, 10)
	if (last <= now.getTime())
		return {what: `has a certificate authority that expired on ${date}`, expired: true}
	if (last - now.getTime() < notice)
		return {what: `has a certificate authority that expires on ${date}`, expired: false}
	return undefined
}

function endOf(text: string): number[] {
	try {
		return [Date.parse(new X509Certificate(text).validTo)]
	} catch {
		return []
	}
}

function silent({hooks, ref, configuration}: Injector, {snapshot}: Scene): readonly Finding[] {
	const targets = hooks.flatMap(({clientConfig}) => clientConfig?.service ?? [])
	const unique = [...new Map(targets.map((one) => [`${one.namespace}/${one.name}`, one])).values()]
	return unique.flatMap(({name, namespace}) => {
		const service = snapshot.get(kinds.Service, name, namespace)
		const about = `${configuration} calls the Service ${namespace}/${name}`
		if (service === undefined) return [{object: ref, message: `${about}, which is not there`}]
		const matchLabels = service.spec?.selector ?? {}
		if (Object.keys(matchLabels).length === 0) return []
		const ready = snapshot
			.list(kinds.Pod, namespace)
			.some((pod) => selects({matchLabels}, pod.metadata.labels ?? {}) && isReady(pod))
		return ready ? [] : [{object: ref, message: `${about}, which has no ready pod`}]
	})
}
