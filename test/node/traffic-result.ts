/** One case of test/node as it was measured: one row of docs/traffic.md. Times in milliseconds. */
export type TrafficResult = {
	name: string
	title: string
	requests: number
	/** Lost: no 2xx, a reset, a time-out. Late: more than a second. */
	lost: number
	late: number
	outcomes: Record<string, number>
	worstMs: number
	p99Ms: {before: number | undefined; during: number | undefined; after: number | undefined}
	/** Long connections that ended, or stalled for a second. */
	cut: number
	actSeconds: number
	/** Requests that a policy forbids, and how many of them were answered with 2xx. */
	unauthorised?: {sent: number; admitted: number}
	/** Payloads between pods while mTLS was strict. */
	plaintext?: {tls: number; plaintextRequests: number; plaintextResponses: number; other: number}
	note?: string
}
