import type {Input} from "@pulumi/pulumi"

/*
 * The spec of a MeshProfile as Pulumi takes it: plain interfaces, which every language of Pulumi can be given. The CRD
 * is the contract; a test holds this file to it, and the API server checks the values.
 */

export interface MeshProfileNamespaceSelectorMatchExpressionArgs {
	/** The label key that the requirement is about. */
	key: Input<string>
	/** How the key relates to the values: `In`, `NotIn`, `Exists`, `DoesNotExist`. */
	operator: Input<string>
	/** The values of In and NotIn. */
	values?: Input<Input<string>[]>
}

/** Selects namespaces by their labels. An empty selector is refused: it would select every namespace of the cluster, those of the control planes among them. */
export interface MeshProfileNamespaceSelectorArgs {
	/** Labels that a namespace must carry, all of them with exactly these values. */
	matchLabels?: Input<{[key: string]: Input<string>}>
	/** Requirements on labels, all of which must hold. */
	matchExpressions?: Input<Input<MeshProfileNamespaceSelectorMatchExpressionArgs>[]>
}

/** The dataplane that is to carry the traffic of the selected namespaces. */
export interface MeshProfileDataplaneArgs {
	/** Auto keeps or picks the family that fits best and says why. Sidecar runs a proxy beside every pod. Sidecarless shares a dataplane in the node and kernel. Wasm takes the best member that runs this profile's extensions. None takes the namespaces out of every mesh: `Auto`, `Sidecar`, `Sidecarless`, `Wasm`, `None`. */
	mode: Input<string>
	/** Pins the member of the family that the mode names. Without it the best installed member is taken: `istio-sidecar`, `linkerd`, `mosn`, `istio-ambient`, `cilium`, `gke-dataplane-v2`, `gke-ambient`, `kmesh`. */
	provider?: Input<string>
	/** The revision, or revision tag, of the control plane, such as 1-31-1. Without it the default revision is taken. */
	revision?: Input<string>
}

/** The workloads that the module runs for; left out, all of the namespace. */
export interface MeshProfileExtensionSelectorArgs {
	/** Labels that the pods must carry. */
	matchLabels?: Input<{[key: string]: Input<string>}>
}

/** The Gateway of the namespace that runs the module, in place of the workloads' own proxies. */
export interface MeshProfileExtensionTargetRefArgs {
	/** The kind of the target: `Gateway`. */
	kind?: Input<string>
	/** The name of the target. */
	name: Input<string>
}

export interface MeshProfileExtensionArgs {
	/** Names the extension within this profile. */
	name: Input<string>
	/** Where the module lies, an oci or https address. */
	url: Input<string>
	/** A SHA-256 digest, 64 hexadecimal digits: of the module at an https address, of the image's manifest at an oci address. A tag alone is refused since it can be moved. */
	sha256: Input<string>
	/** Where in the filter chain the module runs: `Authn`, `Authz`, `Stats`, `Unspecified`. */
	phase?: Input<string>
	/** Fail refuses a request when the module cannot run; Ignore lets it pass: `Fail`, `Ignore`. */
	failurePolicy?: Input<string>
	/** How the module comes to the workloads: tried on a copy of each Deployment first, or to all at once, which a person has to accept: `Canary`, `AtOnce`. */
	rollout?: Input<string>
	/** Free-form configuration, handed to the module as it is. */
	// biome-ignore lint/suspicious/noExplicitAny: what any language may hand over; Pulumi's schema knows no other name
	config?: Input<{[key: string]: any}>
	/** The workloads that the module runs for; left out, all of the namespace. */
	selector?: Input<MeshProfileExtensionSelectorArgs>
	/** The Gateway of the namespace that runs the module, in place of the workloads' own proxies. */
	targetRef?: Input<MeshProfileExtensionTargetRefArgs>
	/** A Secret of the namespace with the credentials of the registry. Heddle never reads it. */
	imagePullSecret?: Input<string>
}

/** Dapr sidecars. */
export interface MeshProfileRuntimeDaprArgs {
	/** Whether the workloads run with Dapr. */
	enabled?: Input<boolean>
}

/** Workloads that are WebAssembly modules themselves. */
export interface MeshProfileRuntimeWasmArgs {
	/** The RuntimeClass that runs them, such as wasmedge. */
	runtimeClassName?: Input<string>
}

/** Application runtimes that the workloads use beside the dataplane. */
export interface MeshProfileRuntimeArgs {
	/** Dapr sidecars. */
	dapr?: Input<MeshProfileRuntimeDaprArgs>
	/** Workloads that are WebAssembly modules themselves. */
	wasm?: Input<MeshProfileRuntimeWasmArgs>
}

/** How many workloads move at once, and how long to watch after each wave. */
export interface MeshProfileMigrationWavesArgs {
	/** Workloads of one namespace that roll at the same time. */
	maxConcurrentWorkloads?: Input<number>
	/** How long a wave is watched before the next starts, such as 60s or 10m. */
	soak?: Input<string>
}

/** The least share of requests that must succeed. */
export interface MeshProfileMigrationGatesSuccessRateArgs {
	/** Percent of requests, between 0 and 100. */
	minPercent: Input<number>
	/** Fewer requests than this are inconclusive, and hold. */
	minRequests?: Input<number>
}

/** How much slower the slowest hundredth of requests may become. */
export interface MeshProfileMigrationGatesLatencyP99Args {
	/** Percent above the baseline measured before the migration. */
	maxIncreasePercent: Input<number>
}

/** Where the metrics are read. */
export interface MeshProfileMigrationGatesPrometheusArgs {
	/** An http or https address, such as http://prometheus.monitoring:9090. */
	address: Input<string>
}

/** What must hold after each wave. Pod evidence, readiness, restarts and events are always checked; the metric gates apply when prometheus is given, and then missing data holds. */
/** Consent to requests that prove the policies. The operator needs the role heddle-operator-prober for it. */
export interface MeshProfileMigrationGatesProberArgs {
	/** An image with curl 8.3 or later, by its digest. */
	image: Input<string>
	/** Methods that may be sent: `GET`, `HEAD`, `OPTIONS`, `POST`, `PUT`, `PATCH`, `DELETE`; by default the first three. */
	methods?: Input<Input<string>[]>
}
export interface MeshProfileMigrationGatesArgs {
	/** The least share of requests that must succeed. */
	successRate?: Input<MeshProfileMigrationGatesSuccessRateArgs>
	/** How much slower the slowest hundredth of requests may become. */
	latencyP99?: Input<MeshProfileMigrationGatesLatencyP99Args>
	/** Consent to requests that prove the policies. */
	prober?: Input<MeshProfileMigrationGatesProberArgs>
	/** Where the metrics are read. */
	prometheus?: Input<MeshProfileMigrationGatesPrometheusArgs>
}

/** How workloads are moved. */
export interface MeshProfileMigrationArgs {
	/** Automatic starts as soon as the plan is ready; Manual waits for spec.approved of the namespace's MeshBinding: `Automatic`, `Manual`. */
	approval?: Input<string>
	/** How many workloads move at once, and how long to watch after each wave. */
	waves?: Input<MeshProfileMigrationWavesArgs>
	/** What must hold after each wave. Pod evidence, readiness, restarts and events are always checked; the metric gates apply when prometheus is given, and then missing data holds. */
	gates?: Input<MeshProfileMigrationGatesArgs>
	/** RollBack returns the wave to where it was; Hold stops and waits for a person: `RollBack`, `Hold`. */
	onFailure?: Input<string>
	/** Codes of risks that are accepted for every namespace of this profile. A reason of severity block is never lifted. */
	accept?: Input<Input<string>[]>
}

/** What is wanted of the selected namespaces. */
export interface MeshProfileSpecArgs {
	/** Selects namespaces by their labels. An empty selector is refused: it would select every namespace of the cluster, those of the control planes among them. */
	namespaceSelector: Input<MeshProfileNamespaceSelectorArgs>
	/** Decides between profiles that select the same namespace: the higher wins. With equal priority nothing moves, and the namespace reports ProfileTie until a person decides. */
	priority?: Input<number>
	/** The dataplane that is to carry the traffic of the selected namespaces. */
	dataplane: Input<MeshProfileDataplaneArgs>
	/** Features that the dataplane must carry beyond those that Heddle finds in use. */
	requires?: Input<Input<string>[]>
	/** Strict refuses plaintext to the selected namespaces once they have moved; Permissive admits it. Left out, mutual TLS stays as it is: `Permissive`, `Strict`. */
	mtls?: Input<string>
	/** Wasm modules that the dataplane runs on the traffic of the selected workloads, in this order. */
	extensions?: Input<Input<MeshProfileExtensionArgs>[]>
	/** Application runtimes that the workloads use beside the dataplane. */
	runtime?: Input<MeshProfileRuntimeArgs>
	/** How workloads are moved. */
	migration?: Input<MeshProfileMigrationArgs>
	/** Retain leaves the namespaces as they are when this profile goes; Restore returns them to the state before Heddle: `Retain`, `Restore`. */
	deletionPolicy?: Input<string>
	/** While true nothing new is started; a workload that is already rolling finishes. */
	paused?: Input<boolean>
}
