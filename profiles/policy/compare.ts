import type {Decision, Request} from "./request.ts"

/** Decides one request in one world. */
export type Decide = (request: Request) => Decision

export type Disagreement = {
	readonly request: Request
	readonly before: Decision
	readonly after: Decision
}

export type Comparison = {
	readonly requests: number
	/** Denied before, allowed after: never acceptable. */
	readonly wider: readonly Disagreement[]
	/** Allowed before, denied after. */
	readonly narrower: readonly Disagreement[]
}

/** Puts the same requests to two worlds. */
export function compare(requests: readonly Request[], before: Decide, after: Decide): Comparison {
	const different = requests
		.map((request) => ({request, before: before(request), after: after(request)}))
		.filter((one) => one.before.verdict !== one.after.verdict)
	return {
		requests: requests.length,
		wider: different.filter(({after: {verdict}}) => verdict === "allow"),
		narrower: different.filter(({after: {verdict}}) => verdict === "deny"),
	}
}

/** A request in one line, for messages and for tests. */
export function described({source, destination, http}: Request): string {
	const identity = source.identity === undefined ? "in no mesh" : "in the mesh"
	const who = `${source.namespace}/${source.serviceAccount} (${source.ip}, ${identity})`
	const {service} = destination
	const labels = Object.entries(destination.labels)
		.map(([key, value]) => `${key}=${value}`)
		.join(",")
	const where = `${service === undefined ? "the pod" : `the Service ${service.name}:${service.port},`} ${labels}:${destination.port}`
	const what =
		http === undefined
			? "a TCP connection"
			: `${http.method} ${http.host}${http.path}${http.token === undefined ? "" : ` with a token of ${http.token.issuer}/${http.token.subject}`}`
	return `${what} from ${who} to ${where}`
}
