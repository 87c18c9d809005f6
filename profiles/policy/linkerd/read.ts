import {HTTPRoute as GatewayHTTPRoute} from "../../apis/gateway-api/kinds.ts"
import {labelSelectorAt} from "../../apis/label-selector.ts"
import {
	AuthorizationPolicy,
	HTTPRoute,
	MeshTLSAuthentication,
	NetworkAuthentication,
	Server,
} from "../../apis/linkerd/kinds.ts"
import type {Field} from "../../apis/read.ts"
import {reader} from "../../apis/use.ts"
import {kindIdOf} from "../../snapshot/kinds.ts"
import type {KubeObject, StringMap} from "../../snapshot/object.ts"
import type {LabelSelector} from "../../snapshot/shapes.ts"
import {isBlock} from "../blocks.ts"
import {refuseOthers} from "../known-fields.ts"

/** What passes where nothing finer says so. */
export const accessPolicies = [
	"all-unauthenticated",
	"all-authenticated",
	"cluster-unauthenticated",
	"cluster-authenticated",
	"deny",
	"audit",
] as const
export type AccessPolicy = (typeof accessPolicies)[number]

/** Source: linkerd2 policy-controller/k8s/api/src/policy/server.rs; without a word on access it denies. */
export const readServer = reader((spec) => {
	refuseOthers(spec, ["podSelector", "port", "proxyProtocol", "accessPolicy"])
	return {
		selector: selectorOf(spec.at("podSelector")),
		port: spec.at("port").isText ? (spec.at("port").text() ?? "") : String(spec.at("port").integer() ?? ""),
		access: spec.at("accessPolicy").word(accessPolicies) ?? ("deny" as const),
		protocol: spec.at("proxyProtocol").text(),
	}
})

function selectorOf(field: Field): LabelSelector {
	refuseOthers(field, ["matchLabels", "matchExpressions"])
	return labelSelectorAt(field)
}

type Ref = {readonly kind: string; readonly name: string; readonly namespace?: string}
function refOf(field: Field): Ref {
	refuseOthers(field, ["group", "kind", "name", "namespace"])
	const namespace = field.at("namespace").text()
	return {
		kind: field.at("kind").text() ?? "",
		name: field.at("name").text() ?? "",
		...(namespace === undefined ? {} : {namespace}),
	}
}

export const readAuthorization = reader((spec) => {
	refuseOthers(spec, ["targetRef", "requiredAuthenticationRefs"])
	const target = refOf(spec.at("targetRef"))
	spec.at("targetRef").at("kind").word(["Server", "HTTPRoute", "Namespace"])
	return {target, required: spec.at("requiredAuthenticationRefs").items().map(refOf)}
})

/** Identities, and service accounts by reference. */
export const readMeshTLS = reader((spec) => {
	refuseOthers(spec, ["identities", "identityRefs"])
	const identities = spec.at("identities").items()
	return {
		identities: identities.flatMap((one) => {
			const text = one.text() ?? ""
			if (text.slice(1).includes("*")) one.word([])
			return [text]
		}),
		refs: spec
			.at("identityRefs")
			.items()
			.map((one) => {
				one.at("kind").word(["ServiceAccount", "Namespace"])
				return refOf(one)
			}),
	}
})

export const readNetworks = reader((spec) => {
	refuseOthers(spec, ["networks"])
	const block = (field: Field) => {
		const text = field.text() ?? ""
		if (!isBlock(text)) field.word([])
		return text
	}
	return spec
		.at("networks")
		.items()
		.map((one) => {
			refuseOthers(one, ["cidr", "except"])
			return {cidr: block(one.at("cidr")), except: one.at("except").items().map(block)}
		})
})

export type Match = {
	readonly path?: {readonly exact: boolean; readonly value: string}
	readonly method?: string
	/** Exact values, by names in lower case. */
	readonly headers: Readonly<Record<string, string>>
}

/** A route that names requests to Servers. A match without anything is every request. */
export const readRoute = reader((spec) => {
	refuseOthers(spec, ["parentRefs", "rules"])
	const rules = spec.at("rules").items()
	return {
		servers: spec
			.at("parentRefs")
			.items()
			.filter((one) => one.at("kind").text() === "Server")
			.map((one) => one.at("name").text() ?? ""),
		matches: rules.flatMap((rule): readonly Match[] => {
			refuseOthers(rule, ["matches"])
			const matches = rule.at("matches").items()
			return matches.length === 0 ? [{headers: {}}] : matches.map(matchOf)
		}),
	}
})

function matchOf(field: Field): Match {
	refuseOthers(field, ["path", "method", "headers"])
	const path = field.at("path")
	const method = field.at("method").text()
	const type = path.at("type").word(["Exact", "PathPrefix"]) ?? "PathPrefix"
	const headers = field
		.at("headers")
		.items()
		.map((one) => {
			one.at("type").word(["Exact"])
			return [(one.at("name").text() ?? "").toLowerCase(), one.at("value").text() ?? ""] as const
		})
	return {
		...(path.present ? {path: {exact: type === "Exact", value: path.at("value").text() ?? "/"}} : {}),
		...(method === undefined ? {} : {method}),
		headers: Object.fromEntries(headers),
	}
}

export type Named<T> = {readonly name: string; readonly namespace: string; readonly value: T}
export type LinkerdWorld = {
	readonly servers: readonly Named<ReturnType<typeof readServer>["value"]>[]
	readonly authorizations: readonly Named<ReturnType<typeof readAuthorization>["value"]>[]
	readonly meshTLS: readonly Named<ReturnType<typeof readMeshTLS>["value"]>[]
	readonly networks: readonly Named<ReturnType<typeof readNetworks>["value"]>[]
	readonly routes: readonly Named<ReturnType<typeof readRoute>["value"]>[]
	/** What decides on ports without a Server, for a pod with these labels. */
	readonly fallback: (labels: StringMap) => AccessPolicy
	readonly trustDomain: string
}

/** Reads objects of any kind once, for any number of requests. */
export function linkerdWorld(
	objects: readonly KubeObject[],
	around: Pick<LinkerdWorld, "fallback" | "trustDomain">,
): LinkerdWorld {
	const of = <T>(ids: readonly string[], read: (object: KubeObject) => {value: T}): readonly Named<T>[] =>
		objects
			.filter((object) => ids.includes(kindIdOf(object)))
			.map((object) => ({
				name: object.metadata.name,
				namespace: object.metadata.namespace ?? "",
				value: read(object).value,
			}))
	return {
		servers: of([Server.id], readServer),
		authorizations: of([AuthorizationPolicy.id], readAuthorization),
		meshTLS: of([MeshTLSAuthentication.id], readMeshTLS),
		networks: of([NetworkAuthentication.id], readNetworks),
		routes: of([HTTPRoute.id, GatewayHTTPRoute.id], readRoute),
		...around,
	}
}
