import {request} from "undici"

/** Prometheus did not give an answer that can be used; `message` says why, for a person. */
export class PrometheusError extends Error {
	override readonly name = "PrometheusError"
}

const timeoutMs = 10_000

/** One sample of a vector: the labels that the query kept, and its value. */
export type Row = {readonly labels: Readonly<Record<string, string>>; readonly value: number}

/**
 * The value of a query that answers with at most one; undefined when there is no sample, or no number.
 * @throws PrometheusError
 */
export async function query(
	address: string,
	promql: string,
	signal?: AbortSignal,
): Promise<number | undefined> {
	const [first] = await queryRows(address, promql, signal)
	return first?.value
}

/**
 * Every sample of a query's answer that is a number.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries
 * @throws PrometheusError
 */
export async function queryRows(
	address: string,
	promql: string,
	signal?: AbortSignal,
): Promise<readonly Row[]> {
	const {statusCode, text} = await ask(address, promql, signal)
	const answer = parsed(text)
	if (statusCode !== 200 || answer?.status !== "success")
		throw new PrometheusError(
			`${address} answers ${statusCode}: ${answer?.error ?? "not the answer of a Prometheus"}`,
		)
	const {resultType, result} = answer.data ?? {}
	if (resultType !== "vector" || !Array.isArray(result))
		throw new PrometheusError(
			`${address} answers with a ${resultType ?? "nothing"} where a vector was asked for`,
		)
	return result
		.map(({metric = {}, value}) => ({labels: metric, value: Number(value?.[1])}))
		.filter(({value}) => Number.isFinite(value))
}

type Answer = {
	readonly status?: string
	readonly error?: string
	readonly data?: {
		readonly resultType?: string
		readonly result?: readonly {
			readonly metric?: Readonly<Record<string, string>>
			readonly value?: readonly [number, string]
		}[]
	}
}

async function ask(address: string, promql: string, signal: AbortSignal | undefined) {
	const url = new URL(`${address.replace(/\/+$/, "")}/api/v1/query`)
	const deadline = AbortSignal.timeout(timeoutMs)
	try {
		const {statusCode, body} = await request(url, {
			method: "POST",
			headers: {"content-type": "application/x-www-form-urlencoded"},
			body: new URLSearchParams({query: promql}).toString(),
			signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
		})
		return {statusCode, text: await body.text()}
	} catch (error) {
		if (signal?.aborted) throw error
		const why = deadline.aborted ? `no answer within ${timeoutMs / 1_000} s` : reasonOf(error)
		throw new PrometheusError(`${address} cannot be reached: ${why}`)
	}
}

function parsed(text: string): Answer | undefined {
	try {
		return JSON.parse(text) as Answer
	} catch {
		return undefined
	}
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
