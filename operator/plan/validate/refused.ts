/*
 * Profiles that must be refused, by the planner when they come from files and by the API server when they are
 * applied: both are tested on these.
 */

type Spec = Readonly<Record<string, unknown>>

export type Refused = {
	readonly why: string
	readonly profile: object
	/** Where the planner says that it is wrong. */
	readonly field: string
	/** Only a client refuses it: the API server drops unknown fields unless it is asked to be strict. */
	readonly onlyStrict?: true
}

export function validProfile(spec: Spec): object {
	return {
		apiVersion: "heddle.dev/v1alpha1",
		kind: "MeshProfile",
		metadata: {name: "payments"},
		spec: {namespaceSelector: {matchLabels: {team: "payments"}}, dataplane: {mode: "Sidecar"}, ...spec},
	}
}

const of = (why: string, field: string, spec: Spec): Refused => ({why, field, profile: validProfile(spec)})

const extension = {name: "audit", url: "oci://ghcr.io/acme/audit:1", sha256: "0".repeat(64)}

const wasm = (change: Spec): Spec => ({dataplane: {mode: "Wasm"}, extensions: [{...extension, ...change}]})

export const refusedProfiles: readonly Refused[] = [
	of("an unknown mode", "spec.dataplane.mode", {dataplane: {mode: "Sideways"}}),
	of("no mode", "spec.dataplane.mode", {dataplane: {}}),
	of("an unknown provider", "spec.dataplane.provider", {dataplane: {mode: "Sidecar", provider: "envoy"}}),
	of("a provider of another mode", "spec.dataplane.provider", {
		dataplane: {mode: "Sidecar", provider: "cilium"},
	}),
	of("a sidecar provider for Sidecarless", "spec.dataplane.provider", {
		dataplane: {mode: "Sidecarless", provider: "linkerd"},
	}),
	of("a provider that runs no Wasm", "spec.dataplane.provider", {
		dataplane: {mode: "Wasm", provider: "cilium"},
		extensions: [extension],
	}),
	of("a provider with Auto", "spec.dataplane.provider", {dataplane: {mode: "Auto", provider: "linkerd"}}),
	of("a provider with None", "spec.dataplane.provider", {dataplane: {mode: "None", provider: "linkerd"}}),
	of("a revision with Auto", "spec.dataplane.revision", {dataplane: {mode: "Auto", revision: "1-31"}}),
	of("a revision with None", "spec.dataplane.revision", {dataplane: {mode: "None", revision: "1-31"}}),
	of("a revision that is no name", "spec.dataplane.revision", {
		dataplane: {mode: "Sidecar", revision: "1.31.1"},
	}),
	of("an empty revision", "spec.dataplane.revision", {dataplane: {mode: "Sidecar", revision: ""}}),
	of("a revision that is too long", "spec.dataplane.revision", {
		dataplane: {mode: "Sidecar", revision: "a".repeat(57)},
	}),
	of("no selector", "spec.namespaceSelector", {namespaceSelector: undefined}),
	of("an empty selector", "spec.namespaceSelector", {namespaceSelector: {}}),
	of("an empty selector in other words", "spec.namespaceSelector", {
		namespaceSelector: {matchLabels: {}, matchExpressions: []},
	}),
	of("a label key that is none", "spec.namespaceSelector.matchLabels[a b]", {
		namespaceSelector: {matchLabels: {"a b": "c"}},
	}),
	of("a label value that is none", "spec.namespaceSelector.matchLabels[team]", {
		namespaceSelector: {matchLabels: {team: "a b"}},
	}),
	of("an unknown operator", "spec.namespaceSelector.matchExpressions[0].operator", {
		namespaceSelector: {matchExpressions: [{key: "team", operator: "Like", values: ["a"]}]},
	}),
	of("In without values", "spec.namespaceSelector.matchExpressions[0].values", {
		namespaceSelector: {matchExpressions: [{key: "team", operator: "In"}]},
	}),
	of("Exists with values", "spec.namespaceSelector.matchExpressions[0].values", {
		namespaceSelector: {matchExpressions: [{key: "team", operator: "Exists", values: ["a"]}]},
	}),
	of("Wasm without extensions", "spec.extensions", {dataplane: {mode: "Wasm"}}),
	of("Wasm with an empty list of extensions", "spec.extensions", {dataplane: {mode: "Wasm"}, extensions: []}),
	of("an extension without a digest", "spec.extensions[0].sha256", wasm({sha256: undefined})),
	of("an extension with a short digest", "spec.extensions[0].sha256", wasm({sha256: "abc"})),
	of(
		"an extension with credentials in its address",
		"spec.extensions[0].url",
		wasm({url: "https://me:secret@host/a.wasm"}),
	),
	of("an extension over plain HTTP", "spec.extensions[0].url", wasm({url: "http://host/a.wasm"})),
	of("an extension in an unknown phase", "spec.extensions[0].phase", wasm({phase: "Later"})),
	of(
		"an extension with a selector and a target",
		"spec.extensions[0].targetRef",
		wasm({selector: {matchLabels: {app: "cart"}}, targetRef: {name: "edge"}}),
	),
	of(
		"an extension with a target of another kind",
		"spec.extensions[0].targetRef.kind",
		wasm({targetRef: {kind: "Service", name: "cart"}}),
	),
	of("two extensions of one name", "spec.extensions", {
		dataplane: {mode: "Wasm"},
		extensions: [extension, extension],
	}),
	of("an unknown feature", "spec.requires[0]", {requires: ["Teleport"]}),
	of("a feature twice", "spec.requires", {requires: ["HTTPRetry", "HTTPRetry"]}),
	of("an unknown level of mutual TLS", "spec.mtls", {mtls: "Sometimes"}),
	of("a priority that is no whole number", "spec.priority", {priority: 1.5}),
	of("a priority out of range", "spec.priority", {priority: 1_000_001}),
	of("waves of nothing", "spec.migration.waves.maxConcurrentWorkloads", {
		migration: {waves: {maxConcurrentWorkloads: 0}},
	}),
	of("a soak that is no duration", "spec.migration.waves.soak", {migration: {waves: {soak: "a minute"}}}),
	of("gates on metrics without a Prometheus", "spec.migration.gates.prometheus", {
		migration: {gates: {successRate: {minPercent: 99}}},
	}),
	of("a success rate over 100 percent", "spec.migration.gates.successRate.minPercent", {
		migration: {gates: {successRate: {minPercent: 101}, prometheus: {address: "http://p:9090"}}},
	}),
	of("a Prometheus without an address", "spec.migration.gates.prometheus.address", {
		migration: {gates: {prometheus: {}}},
	}),
	of("a Prometheus that is no address", "spec.migration.gates.prometheus.address", {
		migration: {gates: {prometheus: {address: "prometheus:9090"}}},
	}),
	of("an accepted code that is none", "spec.migration.accept[0]", {migration: {accept: ["single replica"]}}),
	of("an unknown way to approve", "spec.migration.approval", {migration: {approval: "Perhaps"}}),
	of("an unknown deletion policy", "spec.deletionPolicy", {deletionPolicy: "Forget"}),
	of("paused that is no boolean", "spec.paused", {paused: "yes"}),
	{...of("an unknown field", "spec.helmValues", {helmValues: {a: 1}}), onlyStrict: true},
	{
		...of("an unknown field further down", "spec.dataplane.version", {
			dataplane: {mode: "Sidecar", version: "1"},
		}),
		onlyStrict: true,
	},
]
