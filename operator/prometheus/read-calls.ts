import type {CallView} from "../../profiles/traffic/calls.ts"
import type {Asked} from "../../profiles/traffic/traffic.ts"
import {PrometheusError, queryRows, type Row} from "./query.ts"

/** One workload calls another of the namespace that was asked about; `unknown` is a caller that no proxy knew. */
type MeasuredCall = {readonly fromNamespace: string; readonly from: string; readonly to: string}

/** Calls of the last `seconds`. `problem`: nothing could be read. */
export type CallsReading =
	| {readonly seconds: number; readonly calls: readonly MeasuredCall[]}
	| {readonly problem: string}

type CallsSource = {
	readonly address: string
	readonly views: readonly CallView[]
	readonly signal?: AbortSignal
}

/** Reads every view, each call once, in the order of names. It never throws but when the signal ends it. */
export async function readCalls({address, views, signal}: CallsSource, asked: Asked): Promise<CallsReading> {
	try {
		const read = await Promise.all(
			views.map(async (view) => {
				const rows = await queryRows(address, view.calls(asked), signal)
				return rows.flatMap((row) => callOf(asked, view, row))
			}),
		)
		const calls = new Map(read.flat().map((call) => [`${call.fromNamespace}/${call.from} ${call.to}`, call]))
		return {seconds: asked.seconds, calls: [...calls].sort(byKey).map(([, call]) => call)}
	} catch (error) {
		if (error instanceof PrometheusError) return {problem: error.message}
		throw error
	}
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1)

/** What dataplanes write, or leave out, where they do not know who it was; it is told as `unknown`. */
const nobody: ReadonlySet<string> = new Set(["", "unknown"])

function callOf(asked: Asked, {fromNamespace, from, to}: CallView, {labels}: Row): readonly MeasuredCall[] {
	const [space, caller, callee] = [fromNamespace, from, to].map((keys) =>
		keys.map((key) => labels[key] ?? "").find((value) => !nobody.has(value)),
	)
	if (callee === undefined) return []
	return space === undefined || caller === undefined
		? [{fromNamespace: asked.namespace, from: "unknown", to: callee}]
		: [{fromNamespace: space, from: caller, to: callee}]
}
