import type {NamespacePlan, Plan} from "../../operator/plan/types.ts"

const figure = (low: number, likely: number, high: number) => ({low, likely, high})
const none = figure(0, 0, 0)
const table = (cpu: ReturnType<typeof figure>, memory: ReturnType<typeof figure>) => ({
	cpuMillis: {from: cpu, to: none},
	memoryMiB: {from: memory, to: figure(20, 32, 190)},
})
const cost = {
	requests: table(figure(400, 400, 400), figure(512, 512, 512)),
	usage: table(figure(0, 850, 1600), figure(900, 1100, 1400)),
	marginal: {cpuMillis: figure(-400, -400, -400), memoryMiB: figure(-512, -480, -322)},
}

function namespacePlan(namespace: string, rest: Partial<NamespacePlan>): NamespacePlan {
	return {
		namespace,
		profile: "payments",
		from: {dataplane: "istio-sidecar", revision: "1-31-1", cni: "cilium"},
		to: {dataplane: "istio-ambient", mode: "Sidecarless", revision: "default"},
		verdict: "Ready",
		features: [],
		reasons: [],
		candidates: [{dataplane: "istio-ambient", fits: true, reasons: []}],
		translations: [],
		workloads: [],
		steps: [],
		cost,
		...rest,
	}
}

const search = namespacePlan("search", {
	verdict: "NeedsAcceptance",
	features: [
		{
			name: "L7Authorization",
			support: "waypoint",
			usedBy: ["AuthorizationPolicy/search/deny-delete"],
			note: "by policies with targetRefs",
		},
		{name: "HTTPRetry", support: "native", usedBy: []},
		{name: "FIPS", support: "preview", usedBy: ["MeshProfile/payments"]},
	],
	reasons: [
		{
			code: "CyclicCallers",
			severity: "accept",
			message: "search and suggest call each other: one of them runs on L4 rules for about 2 minutes.",
			fix: "Accept it, or move both in one wave.",
		},
		{
			code: "NoTrafficMetrics",
			severity: "info",
			message: "No Prometheus is named: requests are not measured while it moves.",
		},
	],
	candidates: [
		{dataplane: "istio-ambient", fits: true, reasons: ["a waypoint for 2 services"]},
		{dataplane: "cilium", fits: false, reasons: ["JWTAuthentication: no", "ExplicitDeny: no"]},
	],
	translations: [
		{
			source: "AuthorizationPolicy/search/deny-delete",
			verdict: "approximated",
			fields: [
				{path: "spec.selector", verdict: "exact"},
				{path: "spec.rules[0].when[0]", verdict: "approximated", note: "denies more than before"},
			],
			objects: [{}],
		},
	],
	workloads: [
		{
			ref: "Deployment/search/api",
			from: "istio-sidecar",
			action: "Roll",
			reason: "2 of 2 pods are not on istio-ambient",
			wave: 1,
		},
		{
			ref: "CronJob/search/reindex",
			from: "istio-sidecar",
			action: "Template",
			reason: "the next run starts there",
			wave: 1,
		},
		{ref: "Pod/search/debug", from: "istio-sidecar", action: "Manual", reason: "nothing recreates it"},
	],
	steps: [
		{
			id: "deploy-waypoint",
			action: "Apply",
			object: "Gateway/search/waypoint",
			note: "before anything moves",
		},
		{id: "roll-api", action: "Roll", object: "Deployment/search/api", wave: 1, note: "make new pods"},
		{id: "gate-1", action: "Gate", wave: 1, note: "its pods are proven and ready"},
	],
})

const block = (code: string, message: string) =>
	({code, severity: "block", object: "VirtualService/legacy/mirror", message, fix: "Remove it."}) as const

/** A plan with every verdict and every section, made up so that its text depends on nothing but the report. */
export const samplePlan: Plan = {
	apiVersion: "heddle.dev/v1alpha1",
	kind: "Plan",
	namespaces: [
		namespacePlan("aside", {verdict: "UpToDate", from: {dataplane: "none"}, to: null, candidates: []}),
		namespacePlan("cart", {workloads: search.workloads.slice(0, 1), steps: search.steps.slice(1)}),
		namespacePlan("legacy", {
			verdict: "Blocked",
			to: null,
			from: {dataplane: "mixed"},
			reasons: [
				block("FeatureNotSupported", "RequestMirroring is not carried."),
				block("UnsafePair", "Callers in plaintext would be refused."),
				block("DoubleCapture", "A pod is captured twice."),
				block("NothingElse", "The fourth is left to explain."),
			],
			candidates: [{dataplane: "istio-ambient", fits: false, reasons: ["RequestMirroring: no"]}],
		}),
		search,
		namespacePlan("web", {verdict: "UpToDate", from: {dataplane: "istio-ambient", revision: "default"}}),
	].map(({profile, ...one}) => (one.namespace === "aside" ? one : {...one, profile: profile ?? ""})),
}
