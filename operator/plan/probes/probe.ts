import type {StringMap} from "../../../profiles/snapshot/object.ts"

/** Whom a request is sent as: a workload's identity, with what captures its pods. */
export type ProbeCaller = {
	readonly namespace: string
	readonly serviceAccount: string
	/** The keys of dataplanes on the caller's own template; nothing that a Service could select. */
	readonly keys: {readonly labels: StringMap; readonly annotations: StringMap}
}

export type ProbeMethod = "GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" | "PATCH" | "DELETE"

/** One request whose answer is known beforehand. */
export type Probe = {
	readonly policy: string
	readonly expect: "allow" | "deny"
	readonly caller: ProbeCaller
	readonly method: ProbeMethod
	readonly url: string
	readonly headers: StringMap
}

/** Why a policy gets no request that it allows, or none that it denies. */
export type Unsent = {readonly policy: string; readonly expect?: Probe["expect"]; readonly why: string}

export type Probes = {readonly probes: readonly Probe[]; readonly unsent: readonly Unsent[]}

/** Methods that change nothing, by RFC 9110 section 9.2.1. */
export const safeMethods: readonly ProbeMethod[] = ["GET", "HEAD", "OPTIONS"]
