import {perSnapshot} from "../../memo.ts"
import {annotationOf, containersOf, labelOf} from "../../pods.ts"
import * as kinds from "../../snapshot/kinds.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import {refOf} from "../../snapshot/object.ts"
import type {LabelSelector} from "../../snapshot/shapes.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {templatesIn} from "../../workloads.ts"
import {labelSelectorAt} from "../label-selector.ts"
import type {Field} from "../read.ts"
import {reader, type Trait} from "../use.ts"
import {hasLinkerdProxy, startedWith} from "./pods.ts"

type ServerView = {
	/** Undefined when it is for workloads outside of the cluster. */
	readonly selector?: LabelSelector
	/** What happens to callers that no authorization names; `deny` when nothing is said. */
	readonly accessPolicy: string
}

/** Versions before v1beta3 know no `accessPolicy`: there a Server always denies. */
export const readServer = reader((spec): ServerView => {
	const pods = spec.at("podSelector")
	spec.at("proxyProtocol").text()
	return {
		...(spec.at("externalWorkloadSelector").present ? {} : {selector: labelSelectorAt(pods)}),
		accessPolicy: spec.at("accessPolicy").text() ?? "deny",
	}
})

/** Policies under which every caller passes; `audit` only writes down whom another one would refuse. */
const lenient = ["all-unauthenticated", "audit"]

/** True when some caller is refused; a value that nobody knows counts as one that refuses. */
export const refusesSome = (policy: string): boolean => !lenient.includes(policy)

/** True when callers without Linkerd's mTLS are refused: those that are not in Linkerd. */
export const refusesUnmeshed = (policy: string): boolean =>
	refusesSome(policy) && policy !== "cluster-unauthenticated"

type Ref = {readonly kind: string; readonly name: string; readonly namespace?: string}

export const readAuthorization = reader((spec) => ({
	target: refAt(spec.at("targetRef")),
	authentications: spec.at("requiredAuthenticationRefs").items().map(refAt),
}))

function refAt(field: Field): Ref {
	const namespace = field.at("namespace").text()
	return {
		kind: field.at("kind").text() ?? "",
		name: field.at("name").text() ?? "",
		...(namespace === undefined ? {} : {namespace}),
	}
}

/** A route names requests by their method and path; a Server and a namespace name connections. */
export const authorizationTraits = ({target}: {readonly target: Ref}): readonly Trait[] => [
	/Route$/.test(target.kind) ? "L7Authorization" : "L4Authorization",
]

export const readServerAuthorization = reader((spec) => {
	const server = spec.at("server")
	return {
		server: server.at("name").text(),
		selector: server.at("selector").present ? labelSelectorAt(server.at("selector")) : undefined,
		unauthenticated: spec.at("client").at("unauthenticated").flag() === true,
		/** It admits by identity in Linkerd, whoever is named. */
		meshed: spec.at("client").at("meshTLS").present,
	}
})

export const readMeshTLS = reader((spec) => ({
	identities: spec.at("identities").texts(),
	accounts: spec.at("identityRefs").items().map(refAt),
}))

export const readNetworks = reader((spec) => ({
	networks: spec
		.at("networks")
		.items()
		.map((one) => one.at("cidr").text() ?? ""),
}))

export const readEgressNetwork = reader((spec) => ({
	denies: spec.at("trafficPolicy").word(["Allow", "Deny"]) !== "Allow",
}))

export const readRateLimit = reader((spec) => ({target: refAt(spec.at("targetRef"))}))

export const inboundPolicy = "config.linkerd.io/default-inbound-policy"

type DefaultPolicy = {readonly object: KubeObject; readonly ref: string; readonly value: string}

/** The inbound policies that a namespace and its workloads ask for; a proxy reads its own once, when its pod is made. */
export function defaultPolicies(snapshot: Snapshot, namespace: string): readonly DefaultPolicy[] {
	const own = snapshot.get(kinds.Namespace, namespace)
	const holders = [
		...(own === undefined ? [] : [{object: own, value: annotationOf(own, inboundPolicy)}]),
		...templatesIn(snapshot, namespace).map(({object, template}) => ({
			object,
			value: annotationOf(template, inboundPolicy),
		})),
	]
	return holders.flatMap(({object, value}) =>
		value === undefined ? [] : [{object, ref: refOf(object), value}],
	)
}

const defaultFlag = "--default-policy="

/**
 * Linkerd's own default, for pods of which nobody asks for another. It stands in a ConfigMap that is not read; the chart
 * tells it to the policy controller as well, and the injector to every proxy.
 * Source: linkerd2:charts/linkerd-control-plane/templates/destination.yaml; charts/partials/templates/_proxy.tpl
 */
export const ownDefault = perSnapshot((snapshot): string | undefined => {
	const flags = snapshot
		.list(kinds.Deployment)
		.filter((one) => labelOf(one, "linkerd.io/control-plane-component") === "destination")
		.flatMap(({spec}) => containersOf(spec?.template?.spec).flatMap(({args}) => args ?? []))
	const told = flags.find((flag) => flag.startsWith(defaultFlag))?.slice(defaultFlag.length)
	return (
		told ??
		snapshot
			.list(kinds.Pod)
			.filter((pod) => hasLinkerdProxy(pod) && annotationOf(pod, inboundPolicy) === undefined)
			.map(startedWith)
			.find((value) => value !== undefined)
	)
})
