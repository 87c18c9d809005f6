import {millisOf} from "../../routing/durations.ts"
import type {HTTPRule, VirtualRetries} from "../../routing/read-virtual-service.ts"
import {retriesByDefault} from "../../routing/request.ts"
import type {FieldVerdict} from "../types.ts"

type Timing = {readonly members: Readonly<Record<string, unknown>>; readonly fields: readonly FieldVerdict[]}

/** `retry` is a field of the experimental channel only; the API server refuses it elsewhere. */
export type Channel = {readonly retry: boolean}

/** The timeouts and the retries of a rule. */
export function timingOf(rule: HTTPRule, channel: Channel): Timing {
	const request = durationOf(rule.timeout)
	const {retry, perTry, fields} = retriesOf(rule, channel)
	const exceeds = perTry !== undefined && (request ?? 0) > 0 && perTry > (request ?? 0)
	const backend = perTry === undefined || perTry === 0 || exceeds ? undefined : perTry
	const timeouts = {
		...(request ? {request: written(request)} : {}),
		...(backend === undefined ? {} : {backendRequest: written(backend)}),
	}
	return {
		members: {
			...(Object.keys(timeouts).length === 0 ? {} : {timeouts}),
			...(retry === undefined ? {} : {retry}),
		},
		fields: [
			...(rule.timeout === undefined ? [] : [timed(`${rule.path}.timeout`, request)]),
			...fields,
			...(exceeds
				? [
						{
							path: `${rule.path}.retries.perTryTimeout`,
							verdict: "dropped" as const,
							note: "an HTTPRoute does not let a try last longer than the request",
						},
					]
				: []),
		],
	}
}

/** Whole milliseconds, which is what a route of the Gateway API can say. */
function durationOf(text: string | undefined): number | undefined {
	const millis = text === undefined ? undefined : millisOf(text)
	return millis !== undefined && Number.isInteger(millis) && millis < 100_000_000 ? millis : undefined
}

/** `1s500ms`: numbers have at most five digits (GEP-2257). */
function written(millis: number): string {
	const [seconds, rest] = [Math.floor(millis / 1000), millis % 1000]
	return seconds === 0 ? `${rest}ms` : `${seconds}s${rest === 0 ? "" : `${rest}ms`}`
}

const timed = (path: string, millis: number | undefined): FieldVerdict =>
	millis === undefined
		? {path, verdict: "blocked", note: "an HTTPRoute takes whole milliseconds, and fewer than 100000 seconds"}
		: {path, verdict: "exact"}

type Asked = {
	readonly retry?: Readonly<Record<string, unknown>>
	readonly perTry?: number
	readonly fields: readonly FieldVerdict[]
}

function retriesOf({retries, path}: HTTPRule, {retry: isKnown}: Channel): Asked {
	if (retries === undefined) return {fields: []}
	const at = `${path}.retries`
	if (isDefault(retries)) return {fields: [{path: at, verdict: "exact", note: "what Istio does by itself"}]}
	if (!isKnown) {
		const note =
			"`retry` is a field of the Gateway API's experimental channel, which nothing shows to be installed; what is left is Istio's own: 2 more tries where no answer came"
		return {fields: [{path: at, verdict: "dropped", note}]}
	}
	if (retries.attempts === 0) return {retry: {attempts: 0}, fields: [{path: at, verdict: "exact"}]}
	const {codes, lost} = conditionsOf(retries)
	const backoff = durationOf(retries.backoff)
	const perTry = durationOf(retries.perTry)
	return {
		retry: {
			attempts: retries.attempts,
			...(codes.length === 0 ? {} : {codes}),
			...(backoff === undefined ? {} : {backoff: written(backoff)}),
		},
		...(perTry === undefined ? {} : {perTry}),
		fields: [
			lost.length === 0
				? {path: at, verdict: "exact"}
				: {
						path: `${at}.retryOn`,
						verdict: "approximated",
						note: `an HTTPRoute retries where no answer came, and by codes (${codes.join(", ") || "none"}); there is no equal of ${lost.join(", ")}`,
					},
			...(retries.perTry === undefined ? [] : [timed(`${at}.perTryTimeout`, perTry)]),
			...(retries.backoff === undefined ? [] : [timed(`${at}.backoff`, backoff)]),
			...retries.more.map((one): FieldVerdict => ({path: one, verdict: "dropped"})),
		],
	}
}

const isDefault = ({attempts, retryOn, perTry, backoff, more}: VirtualRetries): boolean =>
	attempts === retriesByDefault.attempts &&
	retryOn === undefined &&
	perTry === undefined &&
	backoff === undefined &&
	more.length === 0

/** Status codes that conditions of Envoy's stand for in the main. */
const standing: Readonly<Record<string, readonly number[]>> = {
	"5xx": [500, 502, 503, 504],
	"gateway-error": [502, 503, 504],
	"retriable-4xx": [409],
}

/** The codes of the conditions, and the conditions, wanted or not, that an HTTPRoute has no word for. */
function conditionsOf({retryOn}: VirtualRetries) {
	const on = retryOn?.split(",").map((one) => one.trim()) ?? [...retriesByDefault.on]
	const codes = on.flatMap((one) => (/^[45]\d\d$/.test(one) ? [Number(one)] : (standing[one] ?? [])))
	const known = (one: string) =>
		/^[45]\d\d$/.test(one) || one === "retriable-status-codes" || retriesByDefault.on.includes(one)
	const unasked = retriesByDefault.on.filter((one) => !on.includes(one)).map((one) => `no ${one}`)
	return {
		codes: [...new Set(codes)].sort((a, b) => a - b),
		lost: [...on.filter((one) => !known(one)), ...unasked],
	}
}
