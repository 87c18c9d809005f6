import type {StringMap} from "../snapshot/object.ts"

/** An HTTP request of a caller in the mesh to a Service, by its own name. */
export type RoutedRequest = {
	readonly service: {readonly namespace: string; readonly name: string}
	readonly port: number
	readonly method: string
	/** Without the query. */
	readonly path: string
	readonly query: StringMap
	/** Names in lower case. */
	readonly headers: StringMap
	readonly source: {readonly namespace: string; readonly labels: StringMap}
}

/** A change of a header; those of a route come before those of a destination. */
export type HeaderChange = {
	readonly on: "request" | "response"
	readonly op: "set" | "add" | "remove"
	readonly name: string
	readonly value?: string
}

/** Pods, by what selects them and not by the name of the Service: a subset and a Service of its own are the same. */
export type Backend = {
	readonly namespace: string
	readonly selector: StringMap
	readonly port: number | string
	/** The traffic policy of the DestinationRule that holds for it, as canonical JSON. */
	readonly policy?: string
}

export type Retries = {
	readonly attempts: number
	/** Conditions and status codes, sorted. */
	readonly on: readonly string[]
	readonly perTryMs?: number
	readonly backoffMs?: number
	/** What a route of the Gateway API cannot say. */
	readonly more?: readonly string[]
}

export type Share = {
	/** Undefined where nothing is there to take it: the request fails. */
	readonly to: Backend | undefined
	/** Of 1. */
	readonly share: number
	readonly changes: readonly HeaderChange[]
}

/** What becomes of a request at the one proxy that applies routes to it. */
export type Outcome =
	/** No route is about it: it goes to its Service. */
	| {readonly kind: "unrouted"}
	/** Routes are about its host, and none matches it: 404. */
	| {readonly kind: "unmatched"}
	| {
			readonly kind: "redirect"
			readonly code: number
			readonly scheme?: string
			readonly host?: string
			/** 0 names no port. */
			readonly port: number
			readonly path?: string
			readonly changes: readonly HeaderChange[]
	  }
	| {readonly kind: "respond"; readonly status: number}
	| {
			readonly kind: "forward"
			readonly shares: readonly Share[]
			readonly path: string
			readonly host?: string
			readonly timeoutMs?: number
			readonly retries?: Retries
			readonly mirrors: readonly {readonly to: Backend | undefined; readonly percent: number}[]
			/** Faults that are injected, in words. */
			readonly fault?: string
	  }

/** What every proxy of Istio's retries without being told to (istio:pilot/pkg/networking/core/route/retry). */
export const retriesByDefault: Retries = {
	attempts: 2,
	on: ["cancelled", "connect-failure", "refused-stream", "unavailable"],
}

/** Two shares of the same backend with the same changes are one; the order does not matter. */
export function joinedShares(shares: readonly Share[]): readonly Share[] {
	const sum = new Map<string, Share>()
	for (const one of shares) {
		const key = JSON.stringify([one.to, one.changes])
		const before = sum.get(key)?.share ?? 0
		sum.set(key, {...one, share: Math.round((before + one.share) * 1e9) / 1e9})
	}
	return [...sum].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
}

/** A map in the order of its keys, so that equal ones print alike. */
export const ordered = (map: StringMap): StringMap =>
	Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)))

/** Envoy leaves the port of a redirect out where the scheme implies it. */
export const impliedPort = (scheme: string | undefined, port: number): number =>
	port === (scheme === "https" ? 443 : 80) ? 0 : port
