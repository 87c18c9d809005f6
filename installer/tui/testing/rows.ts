import type {Row} from "../model/table.ts"

/** A namespace that a profile decides for, and that could move to ambient. */
export function row(namespace: string, rest: Partial<Row> = {}): Row {
	return {
		namespace,
		pods: 12,
		now: "istio-sidecar",
		to: "istio-ambient",
		verdict: "Ready",
		profile: "payments",
		why: "no policy or route in use",
		saves: {cpuMillis: 1000, memoryMiB: 1331},
		blocks: 0,
		risks: 0,
		...rest,
	}
}

const underWay = "running: Deployment/orders/api: 1 of 3 pods updated and available"

/** One row of each kind that the table tells apart. */
export const everyRow: readonly Row[] = [
	row("payments", {
		pods: 48,
		to: "istio-sidecar",
		verdict: "UpToDate",
		why: "where payments wants it",
		saves: {cpuMillis: 0, memoryMiB: 0},
	}),
	row("cart", {pods: 36, saves: {cpuMillis: 3600, memoryMiB: 4608}}),
	row("search", {
		verdict: "NeedsAcceptance",
		risks: 1,
		why: "accept CyclicCallers",
		first: {
			message: "search and suggest call each other: one of them runs on L4 rules for about 2 minutes.",
			fix: "Accept it, or move both in one wave.",
		},
	}),
	row("legacy", {
		pods: 20,
		now: "linkerd",
		to: "",
		verdict: "Blocked",
		blocks: 2,
		why: "2 blocks: FeatureNotSupported, UnsafePair",
		first: {message: "RequestMirroring is not carried.", fix: "Remove it."},
		saves: {cpuMillis: 0, memoryMiB: 0},
	}),
	unselected("tools", {
		pods: 3,
		now: "none",
		to: "none",
		verdict: "UpToDate",
		saves: {cpuMillis: 0, memoryMiB: 0},
	}),
	unselected("batch", {pods: 7, now: "none", saves: {cpuMillis: -250, memoryMiB: -922}}),
	row("orders", {moving: underWay, why: underWay}),
	unselected("kube-system", {system: "It belongs to Kubernetes.", to: "", why: "It belongs to Kubernetes."}),
]

export function unselected(namespace: string, rest: Partial<Row>): Row {
	const {profile, ...free} = row(namespace, rest)
	return free
}
