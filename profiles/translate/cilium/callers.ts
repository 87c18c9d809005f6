import {contains} from "../../apis/kubernetes/cidr.ts"
import {accountLabel, namespaceLabel} from "../../policy/cilium/identity.ts"
import type {Policy, Source} from "../../policy/istio/read.ts"
import type {StringMap} from "../../snapshot/object.ts"

/** What tells which pods carry an identity of Istio's. */
export type Identities = {
	readonly trustDomain: string
	/**
	 * Whether every pod of a service account, or, without a name, of a namespace proves its identity today. Cilium goes
	 * by labels: a pod outside of the mesh, which is nobody to Istio, is somebody to Cilium.
	 */
	readonly isMeshed: (namespace: string, serviceAccount?: string) => boolean
}

/** Pods of a service account, or of a whole namespace. */
export type Account = {readonly namespace: string; readonly name?: string}

/** `domain/ns/shop/sa/web`, or all of the namespace: `domain/ns/shop/*`. */
export function accountOf(
	principal: string,
	{trustDomain}: Pick<Identities, "trustDomain">,
): Account | undefined {
	const [, domain, namespace, name] =
		/^([^*/]+)\/ns\/([^*/]+)\/(?:sa\/([^*/]+)|(?:sa\/)?\*)$/.exec(principal) ?? []
	if (domain !== trustDomain || namespace === undefined) return undefined
	return {namespace, ...(name === undefined ? {} : {name})}
}

/** `name`, of the policy's own namespace, or `namespace/name`. */
export const accountNamed = (value: string, {namespace: home}: Policy): Account => {
	const [name, namespace = home] = value.split("/").reverse()
	return {namespace, ...(name === undefined ? {} : {name})}
}

const outside = "pods outside of the mesh have its labels, too, and Cilium would take them for it"

const known = (account: Account, {isMeshed}: Identities): string | undefined =>
	isMeshed(account.namespace, account.name) ? undefined : outside

type Namer = {
	/** Undefined for a value that Cilium has no labels for. */
	readonly account: (value: string, policy: Policy, identities: Identities) => Account | undefined
	readonly unknown: string
}

/** The fields of a source that name callers, each value of which stands for pods by their labels. */
const namers: Readonly<Partial<Record<keyof Source, Namer>>> = {
	principals: {
		account: (value, _, identities) => accountOf(value, identities),
		unknown: "Cilium knows whole names of service accounts and namespaces of this cluster only",
	},
	namespaces: {
		account: (namespace) => (namespace.includes("*") ? undefined : {namespace}),
		unknown: "Cilium knows whole names of namespaces only",
	},
	serviceAccounts: {account: accountNamed, unknown: ""},
}

const namerOf = (key: string): Namer | undefined => namers[key as keyof Source]

export const namesCallers = (key: string): boolean => namerOf(key) !== undefined

/** Why Cilium cannot name a caller; undefined where it can. */
export function callerProblem(
	key: string,
	value: string,
	policy: Policy,
	identities: Identities,
): string | undefined {
	const namer = namerOf(key)
	if (namer === undefined) return "Cilium has no rule for it"
	const account = namer.account(value, policy, identities)
	return account === undefined ? namer.unknown : known(account, identities)
}

const selectorOf = ({namespace, name}: Account): {readonly matchLabels: StringMap} => ({
	matchLabels: {
		[`k8s:${namespaceLabel}`]: namespace,
		...(name === undefined ? {} : {[`k8s:${accountLabel}`]: name}),
	},
})

/** The callers of a source that Cilium can name, as selectors of endpoints. */
export const endpointsOf = (source: Source, policy: Policy, identities: Identities): readonly object[] =>
	(Object.keys(namers) as (keyof Source)[]).flatMap((key) =>
		source[key].any.flatMap((value) => {
			const account = namerOf(key)?.account(value, policy, identities)
			return account === undefined ? [] : [selectorOf(account)]
		}),
	)

const sized = (block: string): string => (block.includes("/") ? block : `${block}/32`)

/** Two blocks are apart, or one lies within the other. */
const isWithin = (inner: string, outer: string): boolean => {
	const [base = "", length] = sized(inner).split("/")
	return contains(outer, base) && Number(length) >= Number(sized(outer).split("/")[1])
}

/** Addresses of a source, each block without those in it that must not match. */
export const blocksOf = ({ipBlocks: {any, none}}: Source): readonly object[] =>
	any
		.filter((block) => !none.some((one) => isWithin(block, one)))
		.map((block) => {
			const except = none.filter((one) => isWithin(one, block)).map(sized)
			return {cidr: sized(block), ...(except.length === 0 ? {} : {except})}
		})

/** Every pod, and all outside of the cluster, but not the pod's own node: the kubelet's probes come from there. */
export const everyoneButTheNode: readonly object[] = [
	{fromEndpoints: [{matchExpressions: [{key: `k8s:${namespaceLabel}`, operator: "Exists"}]}]},
	{fromEntities: ["world", "remote-node", "kube-apiserver", "ingress", "init", "unmanaged"]},
]
