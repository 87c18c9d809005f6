import type {PathKind, RouteMatch} from "./read-http-route.ts"

const rank: Readonly<Record<PathKind, number>> = {Exact: 3, PathPrefix: 2, RegularExpression: 1}

/** Negative where the first one is compared before the second. */
function compare(a: RouteMatch, b: RouteMatch): number {
	const length = ({path: {kind, value}}: RouteMatch) =>
		kind === "PathPrefix" && value !== "/" ? value.replace(/\/$/, "").length : value.length
	return (
		rank[b.path.kind] - rank[a.path.kind] ||
		length(b) - length(a) ||
		Number(b.method !== undefined) - Number(a.method !== undefined) ||
		b.headers.length - a.headers.length ||
		b.query.length - a.query.length
	)
}

/**
 * The matches of all rules of a Service in the order in which Istio compares them, not in that in which they are
 * written; what is equal stays in order. Source: sortHTTPRoutes in istio:pilot/pkg/config/kube/gateway/conversion.go.
 */
export const inPrecedence = <T extends {readonly match: RouteMatch}>(all: readonly T[]): readonly T[] =>
	[...all].sort((a, b) => compare(a.match, b.match))
