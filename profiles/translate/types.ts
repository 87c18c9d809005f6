import type {Reason} from "../reason.ts"
import type {KubeObject} from "../snapshot/object.ts"

/** Of a field, and of a translation as a whole: then it is the worst of its fields. */
export type TranslationVerdict = "exact" | "approximated" | "dropped" | "blocked"

export type FieldVerdict = {
	/** Where it stands in the source, such as `spec.rules[0].to[0].operation.methods`. */
	readonly path: string
	readonly verdict: TranslationVerdict
	/** How it is carried, or why it is not. */
	readonly note?: string
}

/** What becomes of one policy or route on another dataplane. */
export type Translation = {
	/** As `Kind/namespace/name`. */
	readonly source: string
	readonly verdict: TranslationVerdict
	readonly fields: readonly FieldVerdict[]
	/** What it makes; empty when it is blocked. */
	readonly objects: readonly object[]
}

/** The translations of a namespace, with the moments at which their objects come and old ones go. */
export type Translated = {
	readonly translations: readonly Translation[]
	/** Before any pod moves, in this order. They decide nothing for pods that have not moved which was not decided before. */
	readonly before: readonly KubeObject[]
	/** Replaced by what came before: may go before any pod moves. As `Kind/namespace/name`. */
	readonly replaced: readonly string[]
	/** When every pod has moved and soaked. */
	readonly after: readonly KubeObject[]
	/**
	 * What only the source used; last of all, in this order. What was made for the time of the move stays: it does no
	 * harm, and the way back needs it.
	 */
	readonly retired: readonly string[]
	readonly reasons: readonly Reason[]
	/** Codes of reasons about the namespace as a whole that no longer hold once all of this is carried out. */
	readonly settles: readonly string[]
}

export const nothingTranslated: Translated = {
	translations: [],
	before: [],
	replaced: [],
	after: [],
	retired: [],
	reasons: [],
	settles: [],
}

const order: readonly TranslationVerdict[] = ["exact", "dropped", "approximated", "blocked"]

/** The worst of its fields; a translation of nothing is exact. */
export const worstOf = (fields: readonly FieldVerdict[]): TranslationVerdict =>
	fields.reduce<TranslationVerdict>(
		(worst, {verdict}) => (order.indexOf(verdict) > order.indexOf(worst) ? verdict : worst),
		"exact",
	)

/** Both, the first one's objects first. */
export const joined = (a: Translated, b: Translated): Translated => ({
	translations: [...a.translations, ...b.translations],
	before: [...a.before, ...b.before],
	replaced: [...a.replaced, ...b.replaced],
	after: [...a.after, ...b.after],
	retired: [...a.retired, ...b.retired],
	reasons: [...a.reasons, ...b.reasons],
	settles: [...a.settles, ...b.settles],
})
