import type {NamespacePlan} from "../../../operator/plan/types.ts"
import {componentNames} from "../../engine/component-names.ts"
import {samplePlan} from "../../testing/sample-plan.ts"
import {lookKey} from "../model/act-module.ts"
import {withBindings, withSamples} from "../model/board.ts"
import {draftOf} from "../model/draft.ts"
import {emptyFlow, withEvent} from "../model/flow.ts"
import {initialState} from "../model/initial.ts"
import type {Component, Module, Plane, ScreenName, State} from "../model/state.ts"
import {withRows} from "../model/table.ts"
import {binding, step} from "./bindings.ts"
import {seen} from "./inspection.ts"
import {everyRow} from "./rows.ts"

export const noon = Date.parse("2026-11-22T12:00:00Z")

const planes: readonly Plane[] = [
	{
		name: "istio-sidecar",
		family: "Sidecar",
		revision: "1-31-1",
		version: "1.31.1",
		healthy: true,
		namespaces: ["istio-system"],
		pods: 96,
	},
	{
		name: "istio-ambient",
		family: "Sidecarless",
		revision: "default",
		version: "1.31.1",
		healthy: false,
		namespaces: ["istio-system"],
		pods: 12,
		note: "ztunnel is ready on 40 of 42 nodes.",
	},
	{name: "cilium", family: "Sidecarless", pods: 0},
	{name: "none", family: "None", pods: 10},
]

const recorded: Readonly<Record<string, Omit<Component, "name" | "recorded">>> = {
	"gateway-api": {version: "1.5.1"},
	"istio-sidecar": {version: "1.31.1", newer: "1.32.0"},
	operator: {},
}

const components: readonly Component[] = componentNames.map((name) => ({
	name,
	recorded: recorded[name] !== undefined,
	...recorded[name],
}))

/** A cluster that is up and known, on its home screen. */
export function homeState(rest: Partial<State> = {}): State {
	const first = initialState(noon, "welcome")
	return {
		...first,
		screen: "namespaces",
		trail: ["welcome"],
		link: {state: "up"},
		cluster: {context: "prod-eu", named: true, version: "v1.36.0", nodes: 42},
		discovered: true,
		planes,
		components,
		table: withRows(first.table, {rows: everyRow, pending: 0}),
		...rest,
	}
}

const sampleDraft = () =>
	draftOf({namespaces: ["cart", "legacy", "search"], profiles: [], planes, decided: false})

const modules: readonly Module[] = [
	{
		name: "audit",
		profile: "payments",
		url: "oci://ghcr.io/acme/audit:1.4.0",
		sha256: "6f".repeat(32),
		phase: "Authz",
		failurePolicy: "Fail",
		hosts: ["istio-waypoint"],
	},
]

const moving = binding("search", {
	state: "Running",
	wave: 2,
	message: "StatefulSet/search/indexer: 1 of 3 pods updated and available",
	traffic: {
		baseline: {
			measuredAt: "2026-11-22T11:56:30Z",
			seconds: 300,
			sides: [{side: "client", requests: 4210, failed: 0, p99Millis: 41}],
		},
		latest: {
			measuredAt: "2026-11-22T11:58:30Z",
			seconds: 60,
			sides: [
				{side: "client", requests: 1204, failed: 1, p99Millis: 38.25},
				{side: "server", requests: 1180, failed: 0, p99Millis: 12},
			],
		},
	},
	steps: [
		step({
			id: "roll-suggest",
			action: "Roll",
			object: "Deployment/search/suggest",
			wave: 1,
			state: "Done",
			message: "3 of 3 pods proven",
		}),
		step({id: "gate-1", action: "Gate", wave: 1, state: "Done", message: "1 workload ready and proven"}),
		step({
			id: "roll-indexer",
			action: "Roll",
			object: "StatefulSet/search/indexer",
			wave: 2,
			state: "Running",
			message: "1 of 3 pods updated and available",
		}),
		step({id: "gate-2", action: "Gate", wave: 2, state: "Pending"}),
	],
})

/** One state for each screen, with something of everything on it. */
export const everyScreen: Readonly<
	Record<ScreenName | "preview" | "uninstall" | "help" | "lost", () => State>
> = {
	welcome: () => ({
		...initialState(noon, "welcome"),
		choices: [
			{kind: "context", name: "prod-eu", server: "https://10.0.0.1:6443", current: true},
			{kind: "context", name: "staging", server: "https://staging.example:6443", current: false},
			{kind: "sandbox", name: "default", state: "absent", nodes: 0},
		],
	}),
	discovery: () =>
		homeState({
			screen: "discovery",
			discovered: false,
			checks: [
				{id: "api", title: "API server", state: "ok", note: "Kubernetes v1.36.0"},
				{id: "read", title: "Read the cluster", state: "running", note: "31 of 58 kinds, 1204 objects"},
				{
					id: "Heddle",
					title: "Heddle",
					state: "warn",
					note: "2 checks passed, 1 to look at",
					findings: [
						{
							id: "heddle-operator",
							severity: "warning",
							text: "an operator leads: nobody holds the Lease heddle-operator",
							fix: "Install the operator, or run heddle operator beside the cluster.",
						},
					],
				},
				{id: "Webhooks", title: "Webhooks", state: "none", note: "5 not run"},
			],
		}),
	namespaces: () => {
		const home = homeState()
		const table = {...home.table, selected: new Set(["cart", "search"])}
		return {...home, table, scrolls: {...home.scrolls, namespaces: {top: 0, cursor: 2}}}
	},
	detail: () =>
		homeState({
			screen: "detail",
			trail: ["namespaces"],
			detail: {
				namespace: "search",
				...present(samplePlan.namespaces.find(({namespace}) => namespace === "search")),
			},
		}),
	plan: () =>
		homeState({
			screen: "plan",
			trail: ["namespaces"],
			draft: sampleDraft(),
			plan: someOf(["cart", "legacy", "search"]),
		}),
	diff: () =>
		homeState({
			screen: "diff",
			trail: ["namespaces", "plan"],
			draft: sampleDraft(),
			diff: [
				"  # Deployment/cart/cart: make new pods",
				"  spec:",
				"    template:",
				"      metadata:",
				"        labels:",
				'-         sidecar.istio.io/inject: "true"',
				"+         istio.io/dataplane-mode: ambient",
			],
		}),
	board: () => {
		const home = homeState({screen: "board", trail: ["namespaces"]})
		const earlier = withBindings(home.board, [binding("search", {state: "Running", steps: []})], noon)
		const board = withBindings(
			earlier,
			[moving, binding("cart", {state: "Succeeded", finishedAt: "2026-11-22T11:58:00Z"})],
			noon,
		)
		return {...home, board: [1, 0.66, 1, 1].reduce((sum, share) => withSamples(sum, {search: share}), board)}
	},
	dataplanes: () =>
		homeState({
			screen: "dataplanes",
			trail: ["namespaces"],
			scrolls: {...homeState().scrolls, dataplanes: {top: 0, cursor: 1}},
		}),
	install: () => ({
		...initialState(noon, "welcome"),
		screen: "install",
		trail: ["welcome"],
		job: {
			kind: "sandbox",
			title: "The sandbox default",
			names: ["default"],
			state: "running",
			command: "sandbox up --operator",
			flow: [
				{type: "step", id: "programs", title: "Find the programs", state: "done"} as const,
				{
					type: "step",
					id: "api",
					title: "Start etcd and the API server",
					state: "progress",
					fraction: 0.4,
				} as const,
			].reduce((flow, event) => withEvent(flow, event, noon - 6_000), emptyFlow),
		},
	}),
	preview: () => changingState("install", "asking"),
	uninstall: () => {
		const asking = changingState("uninstall", "asking")
		const label = "Delete 3 objects in prod-eu? Type prod-eu"
		return {
			...asking,
			prompt: {kind: "typed", about: {type: "install"}, label, wanted: "prod-eu", value: "prod"},
		}
	},
	modules: () => homeState({screen: "modules", trail: ["namespaces"], modules}),
	module: () =>
		homeState({
			screen: "module",
			trail: ["namespaces", "modules"],
			modules,
			...(modules[0] === undefined
				? {}
				: {asked: modules[0], looks: {[lookKey(modules[0])]: {state: "done", seen}}}),
		}),
	summary: () =>
		homeState({
			screen: "summary",
			trail: ["namespaces"],
			deeds: [
				{
					at: noon,
					what: "Moved cart",
					command: "heddle migrate --profile heddle-cart.yaml --yes",
					file: {
						path: "heddle-cart.yaml",
						text: "apiVersion: heddle.dev/v1alpha1\nkind: MeshProfile\n",
						saved: false,
					},
				},
			],
		}),
	help: () => homeState({help: true}),
	lost: () =>
		homeState({
			link: {
				state: "lost",
				since: noon - 12_000,
				why: "cannot read the version of the API server: connect ECONNREFUSED",
			},
		}),
}

const changes = [
	{id: "c", kind: "heddle:index:IstioAmbient", name: "istio-ambient", action: "create"},
	{id: "n", parent: "c", kind: "Namespace", name: "istio-system", action: "same"},
	{
		id: "z",
		parent: "c",
		kind: "DaemonSet.apps",
		namespace: "istio-system",
		name: "ztunnel",
		action: "create",
	},
	{
		id: "i",
		parent: "c",
		kind: "Deployment.apps",
		namespace: "istio-system",
		name: "istiod",
		action: "adopt",
		owner: "helm",
		fields: ["spec.template.spec.containers"],
	},
] as const

/** A change of the cluster that waits for a yes, or is under way. */
function changingState(flow: "install" | "uninstall", stands: "asking" | "running"): State {
	const planned =
		flow === "install" ? changes : changes.map((change) => ({...change, action: "delete"}) as const)
	const what = "istio-ambient"
	const title = `${flow === "install" ? "Install" : "Uninstall"} ${what}`
	const events = [
		{type: "step", id: "charts", title: "Render the charts", state: "done", elapsedMs: 2_100},
		{type: "plan", changes: planned},
	] as const
	return homeState({
		screen: "install",
		trail: ["namespaces", "dataplanes"],
		job: {
			kind: flow,
			title,
			what,
			names: [what],
			state: stands,
			command: `${flow} ${what}`,
			flow: events.reduce((sum, event) => withEvent(sum, event, noon), emptyFlow),
		},
		prompt: {kind: "confirm", about: {type: "install"}, label: "Apply 2 objects in prod-eu?"},
	})
}

const present = (plan: NamespacePlan | undefined) => (plan === undefined ? {} : {plan})

const someOf = (names: readonly string[]) => ({
	...samplePlan,
	namespaces: samplePlan.namespaces.filter(({namespace}) => names.includes(namespace)),
})
