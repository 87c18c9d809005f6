import type {StringMap} from "../snapshot/object.ts"

/** A caller's mesh identity, as a certificate proves it. */
export type Identity = {
	readonly trustDomain: string
	readonly namespace: string
	readonly serviceAccount: string
}

/** Not a pod on the network of pods: the called pod's own node, another node, or something outside of the cluster. */
export type Outside = "node" | "other-node" | "world"

/** A pod that calls. One that is no pod has neither namespace nor labels. */
export type Caller = {
	readonly namespace: string
	readonly serviceAccount: string
	readonly labels: StringMap
	/** Labels of its namespace beyond its name. */
	readonly namespaceLabels?: StringMap
	readonly outside?: Outside
	/** IPv4, as the callee sees it. */
	readonly ip: string
	/** What it proves on the wire; absent when it is in no mesh, or in one that the callee does not trust. */
	readonly identity?: Identity
}

/** A verified JSON Web Token. */
export type Token = {
	readonly issuer: string
	readonly subject: string
	readonly audiences: readonly string[]
	readonly presenter?: string
	/** Other claims, lists of one or more strings. */
	readonly claims: Readonly<Record<string, readonly string[]>>
}

export type HTTPRequest = {
	readonly method: string
	/** As it is after normalization, without its query. */
	readonly path: string
	/** What follows the question mark; absent where there is none. Istio's policies do not look at it. */
	readonly query?: string
	readonly host: string
	/** Names in lower case. */
	readonly headers: StringMap
	readonly token?: Token
}

/** A pod that is called, by its Service or by its own address. */
export type Callee = {
	readonly namespace: string
	readonly labels: StringMap
	readonly serviceAccount?: string
	/** Labels of its namespace beyond its name. */
	readonly namespaceLabels?: StringMap
	readonly outside?: Outside
	readonly ip: string
	/** The port of the pod. */
	readonly port: number
	/** The numbers of its ports that have names. */
	readonly portNames?: Readonly<Record<string, number>>
	/** Absent for a call straight to the address of the pod. */
	readonly service?: {readonly name: string; readonly port: number}
}

/** Whether a container of the pod gives the called port this name. */
export const isPortNamed = (name: string, {port, portNames}: Callee): boolean => portNames?.[name] === port

export type Protocol = "TCP" | "UDP" | "SCTP"

/** One request, or one connection of a protocol that is not HTTP. */
export type Request = {
	readonly source: Caller
	readonly destination: Callee
	/** Of the transport; absent for TCP. */
	readonly protocol?: Protocol
	readonly http?: HTTPRequest
}

export type Decision = {
	readonly verdict: "allow" | "deny"
	/** The policy, and its rule where one matched, or the default that decided. */
	readonly by: string
}

export const allow = (by: string): Decision => ({verdict: "allow", by})
export const deny = (by: string): Decision => ({verdict: "deny", by})

/** As Istio writes it in policies, without the scheme. */
export const principalOf = ({trustDomain, namespace, serviceAccount}: Identity): string =>
	`${trustDomain}/ns/${namespace}/sa/${serviceAccount}`
