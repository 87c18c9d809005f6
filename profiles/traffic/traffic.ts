/** What a query asks about: requests to the services of a namespace, over the last seconds. */
export type Asked = {readonly namespace: string; readonly seconds: number}

/**
 * One angle from which a dataplane counts what reaches a namespace. A request is counted at most once per side:
 * sides are compared, never added up. All queries are PromQL and answer with at most one value.
 */
export type TrafficView = {
	/**
	 * `server`: requests that its pods answered. `client`: requests that callers sent, which also knows those that
	 * never arrived. `connections`: connections, where nobody reads requests.
	 */
	readonly side: "server" | "client" | "connections"
	/** How many there were. */
	requests(asked: Asked): string
	/** How many of them did not fail: no 5xx, no reset, no failed gRPC call. */
	succeeded(asked: Asked): string
	/** The 99th percentile of their time in milliseconds; absent where it is not measured. */
	readonly p99Millis?: (asked: Asked) => string
	/** The Unix time in seconds of the newest sample, to tell quiet from blind. */
	newest(asked: Asked): string
	/** The page that names the metrics. */
	readonly source: string
}
