import type {Capability, Support} from "./dataplane.ts"
import type {Feature} from "./features.ts"

/** Writes one row of a capability file: `[feature, support, source, note?, versions?]`. */
export type Row = readonly [
	feature: Feature,
	support: Support,
	source: string,
	note?: string,
	versions?: string,
]

/** Rows without versions of their own hold for the versions that the file is about. */
export function capabilityRows(versions: string, rows: readonly Row[]): readonly Capability[] {
	return rows.map(([feature, support, source, note, own]) => ({
		feature,
		versions: own ?? versions,
		support,
		...(note === undefined ? {} : {note}),
		source,
	}))
}
