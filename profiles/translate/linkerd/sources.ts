import type {LinkerdWorld} from "../../policy/linkerd/read.ts"
import type {RawRule} from "../istio/rewrite.ts"

export type SourceScope = {
	readonly world: LinkerdWorld
	readonly trustDomains: {readonly linkerd: string; readonly istio: string}
	/** Istio's patterns for everyone who proves an identity in Linkerd. */
	readonly anyone: readonly string[]
}

/** Rules that each admit some of the callers, without what they may call; or why Istio cannot name them. */
export type Sources = {readonly rules: readonly Pick<RawRule, "from">[]; readonly problem?: string}

type Authorization = LinkerdWorld["authorizations"][number]

/** The callers of an authorization: one of its identities, from one of its networks. */
export function sourcesOf({namespace, value}: Authorization, scope: SourceScope): Sources {
	const meshed = value.required.filter(({kind}) => kind !== "NetworkAuthentication")
	const networks = value.required.filter(({kind}) => kind === "NetworkAuthentication")
	if (meshed.length > 1 || networks.length > 1)
		return {rules: [], problem: "it requires two authentications of one kind"}
	const {world} = scope
	const [mesh] = meshed
	const [network] = networks
	const principals = mesh === undefined ? undefined : principalsOf(mesh, namespace, scope)
	if (principals?.problem !== undefined) return {rules: [], problem: principals.problem}
	const blocks =
		network === undefined
			? undefined
			: world.networks.find(
					(one) => one.name === network.name && one.namespace === (network.namespace ?? namespace),
				)?.value
	if (network !== undefined && blocks === undefined) return {rules: []}
	if (principals !== undefined && principals.values.length === 0) return {rules: []}
	const who = principals === undefined ? {} : {principals: principals.values}
	if (blocks === undefined) return {rules: [principals === undefined ? {} : {from: [{source: who}]}]}
	const from = blocks.map(({cidr, except}) => ({
		source: {...who, ipBlocks: [cidr], ...(except.length === 0 ? {} : {notIpBlocks: except})},
	}))
	return {rules: from.length === 0 ? [] : [{from}]}
}

type Principals = {readonly values: readonly string[]; readonly problem?: string}
type Ref = Authorization["value"]["required"][number]

function principalsOf(ref: Ref, home: string, {world, trustDomains, anyone}: SourceScope): Principals {
	const {istio} = trustDomains
	if (ref.kind === "ServiceAccount") return {values: [`${istio}/ns/${ref.namespace ?? home}/sa/${ref.name}`]}
	const found = world.meshTLS.find(
		(one) => one.name === ref.name && one.namespace === (ref.namespace ?? home),
	)
	if (found === undefined) return {values: []}
	const refs = found.value.refs.map((one) =>
		one.kind === "Namespace"
			? `${istio}/ns/${one.name}/*`
			: `${istio}/ns/${one.namespace ?? found.namespace}/sa/${one.name}`,
	)
	const named = found.value.identities.map((identity) => {
		const principal = principalFor(identity, trustDomains)
		return principal === everyone ? anyone : principal === undefined ? undefined : [principal]
	})
	const unknown = found.value.identities.find((_, index) => named[index] === undefined)
	if (unknown !== undefined) return {values: [], problem: `Istio has no name for ${unknown}`}
	return {values: [...named.flatMap((one) => one ?? []), ...refs]}
}

const everyone = "*"

/** Istio's pattern for an identity of Linkerd's, or for all with its ending. */
function principalFor(identity: string, {linkerd, istio}: SourceScope["trustDomains"]): string | undefined {
	if (identity === "*") return everyone
	const ending = `.serviceaccount.identity.linkerd.${linkerd}`
	if (!identity.endsWith(ending)) return undefined
	const front = identity.slice(0, -ending.length)
	if (front === "*") return everyone
	const [name, namespace, ...more] = front.split(".")
	if (name === undefined || namespace === undefined || more.length > 0) return undefined
	if (name === "*") return `${istio}/ns/${namespace}/*`
	return name.includes("*") ? undefined : `${istio}/ns/${namespace}/sa/${name}`
}
