import type {Policy, Source} from "../../policy/istio/read.ts"
import {type Account, accountNamed, accountOf} from "../cilium/callers.ts"

/** The callers of a source in Linkerd's words; of two kinds both have to hold. */
export type Callers = {
	/** False where nobody can be meant. */
	readonly possible: boolean
	readonly meshTLS?: object
	readonly networks?: readonly object[]
}

export type Naming = {readonly trustDomain: string; readonly anyone: readonly string[]}

/** The fields of a source by which callers prove who they are. */
export const proving = ["principals", "namespaces", "serviceAccounts"] as const

/** The accounts that a value stands for; undefined where Linkerd has no name for them. */
export function accountFor(
	key: (typeof proving)[number],
	value: string,
	policy: Policy,
	{trustDomain}: Naming,
): Account | "anyone" | undefined {
	if (key === "serviceAccounts") return accountNamed(value, policy)
	if (value === "*") return "anyone"
	if (key === "namespaces") return value.includes("*") ? undefined : {namespace: value}
	return accountOf(value, {trustDomain})
}

const refTo = ({namespace, name}: Account): object =>
	name === undefined ? {kind: "Namespace", name: namespace} : {kind: "ServiceAccount", name, namespace}

const sized = (block: string): string => (block.includes("/") ? block : `${block}/32`)

export function callersOf(source: Source | undefined, policy: Policy, naming: Naming): Callers {
	if (source === undefined) return {possible: true}
	const accounts = proving.flatMap((key) =>
		source[key].any.map((value) => accountFor(key, value, policy, naming)),
	)
	const refs = accounts.filter((one) => typeof one === "object").map(refTo)
	const identities = accounts.includes("anyone") ? naming.anyone : []
	const {any, none} = source.ipBlocks
	const except = none.map(sized)
	const cidrs = any.length === 0 && none.length > 0 ? ["0.0.0.0/0"] : any.map(sized)
	const networks = cidrs.map((cidr) => ({cidr, ...(except.length === 0 ? {} : {except})}))
	return {
		possible: true,
		...(accounts.length === 0
			? {}
			: {
					meshTLS: {
						...(identities.length === 0 ? {} : {identities}),
						...(refs.length === 0 ? {} : {identityRefs: refs}),
					},
				}),
		...(networks.length === 0 ? {} : {networks}),
	}
}
