import {contains} from "../../../profiles/apis/kubernetes/cidr.ts"
import {principalOf, type Request} from "../../../profiles/policy/request.ts"

/*
 * What ztunnel does with the Authorizations that istiod sends to it. ztunnel itself is in no package registry: this
 * reads its matcher, and istiod's output is the real one. Fields are named as in JSON.
 * Source: istio pkg/workloadapi/security/authorization.proto, ztunnel src/rbac.rs
 */

type Text = {
	readonly exact?: string
	readonly prefix?: string
	readonly suffix?: string
	readonly presence?: unknown
}
type Block = {readonly address: string; readonly length?: number}
type Account = {readonly namespace: string; readonly serviceAccount: string}

type Match = {
	readonly namespaces?: readonly Text[]
	readonly notNamespaces?: readonly Text[]
	readonly principals?: readonly Text[]
	readonly notPrincipals?: readonly Text[]
	readonly serviceAccounts?: readonly Account[]
	readonly notServiceAccounts?: readonly Account[]
	readonly sourceIps?: readonly Block[]
	readonly notSourceIps?: readonly Block[]
	readonly destinationIps?: readonly Block[]
	readonly notDestinationIps?: readonly Block[]
	readonly destinationPorts?: readonly number[]
	readonly notDestinationPorts?: readonly number[]
}

/** Of the namespace, or of the workloads that name it; absent scope and action are GLOBAL and ALLOW. */
export type Authorization = {
	readonly name: string
	readonly namespace: string
	readonly scope?: "NAMESPACE" | "WORKLOAD_SELECTOR"
	readonly action?: "DENY"
	readonly dryRun?: boolean
	readonly groups?: readonly {readonly rules?: readonly {readonly matches?: readonly Match[]}[]}[]
}

/** Whether ztunnel lets a connection pass by these, all of which hold for the workload. */
export function admitsAtZtunnel(policies: readonly Authorization[], request: Request): boolean {
	const enforced = policies.filter(({dryRun}) => dryRun !== true)
	const denies = enforced.filter(({action}) => action === "DENY")
	const allows = enforced.filter(({action}) => action === undefined)
	if (denies.some((one) => matches(one, request))) return false
	return allows.length === 0 || allows.some((one) => matches(one, request))
}

const matches = ({groups = []}: Authorization, request: Request): boolean =>
	groups.some(({rules = []}) =>
		rules.every(({matches: list = []}) => list.length === 0 || list.some((one) => holds(one, request))),
	)

/** One that compares nothing matches nothing. */
function holds(match: Match, {source, destination}: Request): boolean {
	const {identity} = source
	if (Object.values(match).flat().length === 0) return false
	const principal = identity && principalOf(identity)
	return (
		agrees(
			match.principals,
			match.notPrincipals,
			(one) => principal !== undefined && isText(one, principal),
		) &&
		agrees(match.namespaces, match.notNamespaces, (one) => isText(one, identity?.namespace ?? "")) &&
		agrees(
			match.serviceAccounts,
			match.notServiceAccounts,
			({namespace, serviceAccount}) =>
				identity?.namespace === namespace && identity.serviceAccount === serviceAccount,
		) &&
		agrees(match.sourceIps, match.notSourceIps, (one) => isIn(one, source.ip)) &&
		agrees(match.destinationIps, match.notDestinationIps, (one) => isIn(one, destination.ip)) &&
		agrees(match.destinationPorts, match.notDestinationPorts, (one) => one === destination.port)
	)
}

const agrees = <T>(
	any: readonly T[] | undefined,
	none: readonly T[] | undefined,
	is: (one: T) => boolean,
): boolean => ((any ?? []).length === 0 || (any ?? []).some(is)) && !(none ?? []).some(is)

function isText(pattern: Text, text: string): boolean {
	if (pattern.exact !== undefined) return text === pattern.exact
	if (pattern.prefix !== undefined) return text.startsWith(pattern.prefix)
	if (pattern.suffix !== undefined) return text.endsWith(pattern.suffix)
	if ("presence" in pattern) return text !== ""
	throw new RangeError(`not known of ztunnel's texts: ${JSON.stringify(pattern)}`)
}

/** An address of JSON is the base64 of its bytes. */
const isIn = ({address, length = 0}: Block, ip: string): boolean =>
	contains(`${[...Buffer.from(address, "base64")].join(".")}/${length}`, ip)
