import {AuthorizationPolicy} from "../../apis/istio/kinds.ts"
import {selects} from "../../pods.ts"
import {type NetworkPolicyView, networkPoliciesIn} from "../../policy/kubernetes/read.ts"
import {type KubeObject, refOf} from "../../snapshot/object.ts"
import type {PodShape} from "../istio/behind.ts"
import {movedToAmbient} from "../istio/to-ambient.ts"
import {owned} from "../owned.ts"
import {type FieldVerdict, joined, nothingTranslated, type Translated, worstOf} from "../types.ts"
import {commonPorts, missesTunnel, namesPort, speaksOf} from "./tunnel-ports.ts"

/** Where ztunnels meet each other. */
export const hbone = 15008
/** Ambient's address for the kubelet's probes. */
export const probeAddress = "169.254.7.127"

export type ToAmbientNetwork = {
	readonly namespace: string
	/** NetworkPolicies of the namespace as people wrote them, read without a fault. */
	readonly policies: readonly KubeObject[]
	readonly pods: readonly PodShape[]
	/** Labels of pods whose probes the policies would refuse in ambient. */
	readonly refused: readonly PodShape["labels"][]
}

/**
 * NetworkPolicies of a namespace that is about to be in ambient, where traffic arrives on one port whatever port of the
 * application it is for. Beside each policy that admits ports of the application stands one that admits that port to
 * the same peers, for pods that are in ambient; and since whoever comes by it could reach every port, ztunnel is told to
 * deny those that were not admitted. People's own policies stay as they are.
 */
export function networkToAmbient(input: ToAmbientNetwork): Translated {
	const views = networkPoliciesIn(input.policies)
	return input.policies
		.map((object, index) => {
			const view = views[index]
			return view === undefined ? nothingTranslated : open({object, view, views, input})
		})
		.reduce(joined, nothingTranslated)
}

type Subject = {
	readonly object: KubeObject
	readonly view: NetworkPolicyView
	readonly views: readonly NetworkPolicyView[]
	readonly input: ToAmbientNetwork
}

function open(subject: Subject): Translated {
	const {object, view, input} = subject
	const pods = input.pods.filter(({labels}) => selects(view.selector, labels))
	// Where people have let the tunnel in themselves, they decide who comes by it.
	if (pods.length === 0 || namesPort(subject.views, pods, hbone)) return nothingTranslated
	const missing = (view.ingress ?? []).flatMap((rule, index) => (missesTunnel(rule, hbone) ? [index] : []))
	const probes = view.ingress !== undefined && input.refused.some((labels) => selects(view.selector, labels))
	const fields = [...ingressVerdicts(subject, pods, missing), ...egressVerdicts(view)]
	if (fields.length === 0 && !probes) return nothingTranslated
	const source = refOf(object)
	const verdict = worstOf(fields)
	if (verdict === "blocked" || verdict === "approximated")
		return {...nothingTranslated, translations: [{source, verdict, fields, objects: []}]}
	const ports = missing.length === 0 ? undefined : commonPorts(subject.views, pods)
	const made = [...(ports === undefined ? [] : [guard(subject, ports)]), opening(subject, missing, probes)]
	const told: readonly FieldVerdict[] = probes
		? [
				...fields,
				{
					path: "spec.ingress",
					verdict: "exact",
					note: `${probeAddress}, from which the kubelet's probes come, is admitted`,
				},
			]
		: fields
	return {
		...nothingTranslated,
		translations: [{source, verdict: "exact", fields: told, objects: made}],
		before: made,
	}
}

const blocked = (path: string, note: string): FieldVerdict => ({path, verdict: "blocked", note})

function ingressVerdicts(
	{view, views}: Subject,
	pods: readonly PodShape[],
	missing: readonly number[],
): readonly FieldVerdict[] {
	const ports = commonPorts(views, pods)
	const byAddress = missing.every(
		(index) => view.ingress?.[index] && speaksOf(view.ingress[index]) === "addresses",
	)
	return missing.map((index) => {
		const path = `spec.ingress[${index}].ports`
		// Nobody has to be a pod for it: what is outside of the cluster comes as before.
		if (byAddress && ports === undefined)
			return {
				path,
				verdict: "approximated",
				note: `pods in ambient that are admitted by their address alone would come by TCP ${hbone}, and be refused`,
			}
		if ((view.selector.matchExpressions ?? []).length > 0)
			return blocked(
				path,
				"a policy of Istio's cannot select these pods, to deny the ports that are not admitted",
			)
		if (ports === undefined)
			return blocked(
				path,
				`not everyone is admitted to the same ports, and who comes by TCP ${hbone} could reach all of them`,
			)
		return {
			path,
			verdict: "exact",
			note: `TCP ${hbone} is admitted to the same peers, and ztunnel denies them all ports but ${ports.join(", ")}`,
		}
	})
}

/** What pods may call is checked where they are called, and that may be anywhere. */
const egressVerdicts = ({egress}: NetworkPolicyView): readonly FieldVerdict[] =>
	(egress ?? []).flatMap((rule, index) =>
		missesTunnel(rule, hbone) && speaksOf(rule) === "pods"
			? [
					blocked(
						`spec.egress[${index}].ports`,
						`who may call by TCP ${hbone} could reach every port of what it calls`,
					),
				]
			: [],
	)

type RawSpec = {
	readonly podSelector?: {readonly matchLabels?: object; readonly matchExpressions?: readonly object[]}
	readonly ingress?: readonly {readonly from?: readonly object[]}[]
}
const specOf = (object: KubeObject): RawSpec => (object as {spec?: RawSpec}).spec ?? {}

function opening({object, input}: Subject, missing: readonly number[], probes: boolean): KubeObject {
	const {podSelector = {}, ingress = []} = specOf(object)
	const matchLabels = {...podSelector.matchLabels, ...movedToAmbient}
	return owned({
		source: object,
		role: "opening",
		namespace: input.namespace,
		name: `heddle-ambient-${object.metadata.name}`,
		goesWithSource: true,
		spec: {
			podSelector: {...podSelector, matchLabels},
			policyTypes: ["Ingress"],
			ingress: [
				...missing.map((index) => {
					const from = ingress[index]?.from ?? []
					return {...(from.length === 0 ? {} : {from}), ports: [{protocol: "TCP", port: hbone}]}
				}),
				...(probes ? [{from: [{ipBlock: {cidr: `${probeAddress}/32`}}]}] : []),
			],
		},
	})
}

function guard({object, input, view}: Subject, ports: readonly number[]): KubeObject {
	return owned({
		source: object,
		role: "guard",
		namespace: input.namespace,
		name: `heddle-ports-${object.metadata.name}`,
		goesWithSource: true,
		type: {apiVersion: `${AuthorizationPolicy.group}/v1`, kind: AuthorizationPolicy.kind},
		spec: {
			selector: {matchLabels: {...view.selector.matchLabels, ...movedToAmbient}},
			action: "DENY",
			rules: [{to: [{operation: {notPorts: ports.map(String)}}]}],
		},
	})
}
