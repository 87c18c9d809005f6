import {contains} from "../../apis/kubernetes/cidr.ts"
import {type Identity, principalOf, type Request, type Token} from "../request.ts"
import type {OperationKey, SourceKey} from "./read.ts"
import {matchesNamespaceAtEnvoy, matchesText} from "./strings.ts"

/** Whether a value of a field matches; `home` is the namespace of the policy. */
export type Matcher = (value: string, request: Request, home: string) => boolean

type Attribute = {
	/** An attribute of HTTP, which a filter chain of TCP does not have. */
	readonly http: boolean
	/** Whether Envoy compares it with what is called or with who calls: the two halves of a rule of its RBAC. */
	readonly of: "operation" | "source"
	readonly matches: Matcher
}

const identified =
	(matches: (value: string, identity: Identity, home: string) => boolean): Matcher =>
	(value, {source: {identity}}, home) =>
		identity !== undefined && matches(value, identity, home)

const withToken =
	(matches: (value: string, token: Token) => boolean): Matcher =>
	(value, {http}) =>
		http?.token !== undefined && matches(value, http.token)

const l4 = (of: Attribute["of"], matches: Matcher): Attribute => ({http: false, of, matches})
const l7 = (of: Attribute["of"], matches: Matcher): Attribute => ({http: true, of, matches})

const principal = identified((value, identity) => matchesText(value, principalOf(identity)))
const namespace = identified((value, identity) => matchesNamespaceAtEnvoy(value, identity.namespace))
const trustDomain = identified((value, identity) => matchesText(value, identity.trustDomain))
const serviceAccount = identified((value, identity, home) => {
	const [name, space] = value.split("/").reverse()
	return identity.namespace === (space ?? home) && identity.serviceAccount === name
})
const sourceIP: Matcher = (value, {source}) => contains(value, source.ip)
const port: Matcher = (value, {destination}) => Number(value) === destination.port
const requestPrincipal = withToken(matchesRequestPrincipal)

/** Source: istio pilot/pkg/security/authz/model/generator.go; hosts are compared without regard to case. */
export const fieldAttributes: Readonly<Record<SourceKey | OperationKey, Attribute>> = {
	principals: l4("source", principal),
	namespaces: l4("source", namespace),
	serviceAccounts: l4("source", serviceAccount),
	trustDomains: l4("source", trustDomain),
	ipBlocks: l4("source", sourceIP),
	// Without a trusted proxy in front the original address is that of the peer.
	remoteIpBlocks: l4("source", sourceIP),
	requestPrincipals: l7("source", requestPrincipal),
	ports: l4("operation", port),
	hosts: l7("operation", (value, {http}) => matchesHeader(value.toLowerCase(), http?.host.toLowerCase())),
	methods: l7("operation", (value, {http}) => matchesHeader(value, http?.method)),
	paths: l7("operation", (value, {http}) => matchesText(value, http?.path ?? "")),
}

const conditions: Readonly<Record<string, Attribute>> = {
	"source.ip": fieldAttributes.ipBlocks,
	"remote.ip": fieldAttributes.remoteIpBlocks,
	"source.namespace": fieldAttributes.namespaces,
	"source.principal": fieldAttributes.principals,
	"source.trustDomain": fieldAttributes.trustDomains,
	"source.serviceAccount": fieldAttributes.serviceAccounts,
	"destination.ip": l4("operation", (value, {destination}) => contains(value, destination.ip)),
	"destination.port": fieldAttributes.ports,
	"request.auth.principal": fieldAttributes.requestPrincipals,
	"request.auth.audiences": l7(
		"source",
		withToken((value, {audiences}) => audiences.some((one) => matchesText(value, one))),
	),
	"request.auth.presenter": l7(
		"source",
		withToken((value, {presenter}) => presenter !== undefined && matchesText(value, presenter)),
	),
}

/** A header: `*` is any that is there, an empty one too. */
const matchesHeader = (value: string, text: string | undefined): boolean =>
	text !== undefined && (value === "*" || matchesText(value, text))

/** The attribute of a condition, by its key. */
export function conditionAttribute(key: string): Attribute {
	const known = conditions[key]
	if (known !== undefined) return known
	const [, kind, name = ""] = /^request\.(headers|auth\.claims)\[(.+)\]$/.exec(key) ?? []
	if (kind === "headers") {
		return l7("source", (value, {http}) => matchesHeader(value, http?.headers[name.toLowerCase()]))
	}
	if (kind === "auth.claims") {
		return l7(
			"source",
			withToken((value, {claims}) => (claims[name] ?? []).some((one) => matchesText(value, one))),
		)
	}
	throw new RangeError(`no evaluator knows the attribute ${key}`)
}

/**
 * `issuer/subject`, where the last slash parts them. A value that starts with `*` leaves the front of the issuer
 * open, or, without a slash, that of the subject; one that ends with `*` the other way round.
 * Source: istio pilot/pkg/security/authz/model/generator.go, requestPrincipalGenerator.
 */
function matchesRequestPrincipal(value: string, {issuer, subject}: Token): boolean {
	if (value === "*") return issuer !== "" && subject !== ""
	const at = value.lastIndexOf("/")
	const [iss, sub] = at < 0 ? [value, ""] : [value.slice(0, at), value.slice(at + 1)]
	if (value.startsWith("*"))
		return at < 0 ? issuer !== "" && matchesText(value, subject) : matchesText(iss, issuer) && subject === sub
	if (value.endsWith("*"))
		return at < 0 ? matchesText(value, issuer) && subject !== "" : issuer === iss && matchesText(sub, subject)
	return issuer === iss && subject === sub
}
