import type {KubeObject} from "../../snapshot/object.ts"

type Lists = Readonly<Record<string, readonly string[]>>
type RawCondition = {
	readonly key: string
	readonly values?: readonly string[]
	readonly notValues?: readonly string[]
}
/** A rule as it stands in a policy that was read without a fault. */
export type RawRule = {
	readonly from?: readonly {readonly source?: Lists}[]
	readonly to?: readonly {readonly operation?: Lists}[]
	readonly when?: readonly RawCondition[]
}

const rawRules = (object: KubeObject): readonly RawRule[] | undefined =>
	(object as {spec?: {rules?: readonly RawRule[]}}).spec?.rules

export type Rewriting = {
	/** The namespace that a service account without one is of. */
	readonly home: string
	readonly ports: (ports: readonly string[]) => readonly string[]
}

const isPort = (key: string) => key === "ports" || key === "notPorts"
const isAccount = (key: string) => key === "serviceAccounts" || key === "notServiceAccounts"

/** The rules of a policy with other ports, and with service accounts that mean the same in another namespace. */
export function rulesWith(object: KubeObject, {home, ports}: Rewriting): readonly RawRule[] | undefined {
	const account = (name: string) => (name.includes("/") ? name : `${home}/${name}`)
	const lists = (given: Lists | undefined): Lists =>
		Object.fromEntries(
			Object.entries(given ?? {}).map(([key, values]) => [
				key,
				isPort(key) ? ports(values) : isAccount(key) ? values.map(account) : values,
			]),
		)
	const condition = ({key, values, notValues}: RawCondition): RawCondition => {
		const by =
			key === "destination.port"
				? ports
				: key === "source.serviceAccount"
					? (all: readonly string[]) => all.map(account)
					: (all: readonly string[]) => all
		return {key, ...(values ? {values: by(values)} : {}), ...(notValues ? {notValues: by(notValues)} : {})}
	}
	return rawRules(object)?.map(({from, to, when}) => ({
		...(from ? {from: from.map(({source}) => ({source: lists(source)}))} : {}),
		...(to ? {to: to.map(({operation}) => ({operation: lists(operation)}))} : {}),
		...(when ? {when: when.map(condition)} : {}),
	}))
}

/** The rules of a policy, none of which matches this caller any more. */
export function withoutCaller(object: KubeObject, principal: string): readonly RawRule[] {
	return (rawRules(object) ?? []).map((rule) => ({
		...rule,
		from: (rule.from?.length ? rule.from : [{}]).map(({source = {}}) => ({
			source: {...source, notPrincipals: [...(source.notPrincipals ?? []), principal]},
		})),
	}))
}
