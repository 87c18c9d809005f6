import type {Installation, Move} from "../dataplane.ts"
import type {Reason} from "../reason.ts"

/** A move of the namespace `shop` to the one revision of a dataplane. */
export function moveTo(dataplane: string, installation: Partial<Installation> = {}): Move {
	return {
		namespace: "shop",
		to: {
			dataplane,
			revision: "default",
			tags: [],
			version: "1.31.1",
			namespaces: ["istio-system"],
			healthy: true,
			reasons: [],
			...installation,
		},
	}
}

/** Reasons as `severity Code object`, for comparison at a glance. */
export function brief(reasons: readonly Reason[]): string[] {
	return reasons.map(({severity, code, object}) =>
		[severity, code, object].filter((part) => part !== undefined).join(" "),
	)
}
