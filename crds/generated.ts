/*
 * Generated from the YAML files of this folder by `node crds/generate.ts`; edit those.
 */
import type {ObjectMeta} from "./object.ts"

/** MeshBinding tells the owner of a namespace which dataplane it is on, what is happening and why, and lets them hold, approve or go back. The operator makes one, named mesh, in every namespace that a MeshProfile selects. It can affect its own namespace only, and it is the durable record of a migration. */
export type MeshBinding = {
	/** The version of this representation of an object, heddle.dev/v1alpha1. */
	readonly apiVersion: "heddle.dev/v1alpha1"
	/** The kind of this object, MeshBinding. */
	readonly kind: "MeshBinding"
	readonly metadata: ObjectMeta
	/** What the owner of the namespace decides. */
	readonly spec?: MeshBindingSpec
	/** What the operator found and did. */
	readonly status?: MeshBindingStatus
}

/** What the owner of the namespace decides. */
export type MeshBindingSpec = {
	/** While true nothing new is started in this namespace; a workload that is already rolling finishes. Default: false. */
	readonly hold?: boolean
	/** The generation of the MeshProfile whose plan is approved, as status.profileGeneration shows it. Only read where the profile's approval is Manual. */
	readonly approved?: number
	/** Codes of risks that are accepted for this namespace. A reason of severity block is never lifted. */
	readonly accept?: readonly string[]
	/** Desired goes where the profile says; Previous returns to the state before the last migration and stays there. Default: "Desired". */
	readonly target?: "Desired" | "Previous"
}

/** What the operator found and did. */
export type MeshBindingStatus = {
	/** The generation of spec that this status describes. */
	readonly observedGeneration?: number
	/** The MeshProfile that decides for this namespace. */
	readonly profile?: string
	/** The generation of that profile; the value that spec.approved approves. */
	readonly profileGeneration?: number
	/** The dataplane that the pods are on, by evidence: a provider's name, none, mixed, pending or conflict. */
	readonly dataplane?: string
	/** The revision of that dataplane's control plane. */
	readonly revision?: string
	/** How well the dataplane that was chosen carries what the namespace uses. */
	readonly fit?: MeshBindingStatusFit
	/** How many workloads are in which state. */
	readonly workloads?: MeshBindingStatusWorkloads
	/** Where every pod was proven to be, once all were. From then on whatever departs from it is told as a condition and a metric, and not only as work that is left to do. */
	readonly watched?: MeshBindingStatusWatched
	/** Who called whom before the migration, as Prometheus counted it: the order of the workloads follows it. Read once for each generation of the profile. */
	readonly calls?: MeshBindingStatusCalls
	/** The migration under way, or the last one. */
	readonly migration?: MeshBindingStatusMigration
	/** The migrations that ended, the newest first. */
	readonly history?: readonly MeshBindingStatusHistoryItem[]
	/** The latest observations, as the Kubernetes API conventions define them. */
	readonly conditions?: readonly MeshBindingStatusCondition[]
}

/** How well the dataplane that was chosen carries what the namespace uses. */
export type MeshBindingStatusFit = {
	/** Whether the namespace may move. */
	readonly verdict?: "UpToDate" | "Ready" | "NeedsAcceptance" | "Blocked"
	/** The dataplane that was chosen; absent when none fits. */
	readonly to?: string
	/** The mode of that dataplane. */
	readonly mode?: string
	/** The revision of that dataplane. */
	readonly revision?: string
	/** Why, the worst first. */
	readonly reasons?: readonly MeshBindingStatusFitReason[]
}

export type MeshBindingStatusFitReason = {
	/** A stable, documented CamelCase name; what accept takes. */
	readonly code: string
	/** block refuses, accept waits for a person, info informs. */
	readonly severity: "block" | "accept" | "info"
	/** The object that it is about, as Kind/namespace/name. */
	readonly object?: string
	/** What is so. */
	readonly message: string
	/** What to do about it. */
	readonly fix?: string
}

/** How many workloads are in which state. */
export type MeshBindingStatusWorkloads = {
	/** Workloads of the namespace, bare pods among them. */
	readonly total?: number
	/** Workloads whose pods are all proven to be on the target. */
	readonly current?: number
	/** Workloads that are rolling. */
	readonly moving?: number
	/** Workloads that have yet to move. */
	readonly waiting?: number
	/** Workloads that a person has to recreate. */
	readonly manual?: number
}

/** Where every pod was proven to be, once all were. From then on whatever departs from it is told as a condition and a metric, and not only as work that is left to do. */
export type MeshBindingStatusWatched = {
	/** The dataplane that all pods were proven to be on. */
	readonly dataplane: string
	/** The revision of that dataplane. */
	readonly revision?: string
	/** When they were proven to be there. */
	readonly since: string
}

/** Who called whom before the migration, as Prometheus counted it: the order of the workloads follows it. Read once for each generation of the profile. */
export type MeshBindingStatusCalls = {
	/** When it was read. */
	readonly readAt: string
	/** The generation of the profile that it was read for. */
	readonly profileGeneration: number
	/** How long the window was. */
	readonly seconds?: number
	/** Why nothing could be read; then nothing is known. */
	readonly problem?: string
	/** Calls to workloads of this namespace. A list that was cut says so in problem. */
	readonly items?: readonly MeshBindingStatusCallsItem[]
}

export type MeshBindingStatusCallsItem = {
	/** The name of the calling workload. */
	readonly from: string
	/** The caller's namespace; absent when it is this one. */
	readonly fromNamespace?: string
	/** The name of the workload that is called. */
	readonly to: string
}

/** The migration under way, or the last one. */
export type MeshBindingStatusMigration = {
	/** Names the migration; pre-images carry it. */
	readonly id: string
	/** Where the migration stands. */
	readonly state: "Running" | "Holding" | "RollingBack" | "Succeeded" | "RolledBack" | "Failed"
	/** The generation of the profile that it serves. */
	readonly profileGeneration?: number
	/** The generation of this object that it was decided on; a later one is a person's new decision. */
	readonly bindingGeneration?: number
	/** The dataplane that it leaves. */
	readonly from?: string
	/** The dataplane that it goes to. */
	readonly to?: string
	/** The revision that it goes to. */
	readonly revision?: string
	/** The wave that is under way, from 1. */
	readonly wave?: number
	/** When it started. */
	readonly startedAt?: string
	/** When it ended. */
	readonly finishedAt?: string
	/** What it waits for, or why it ended. */
	readonly message?: string
	/** What the gates on metrics have measured. */
	readonly traffic?: MeshBindingStatusMigrationTraffic
	/** Its steps in order, each recorded before and after. */
	readonly steps?: readonly MeshBindingStatusMigrationStep[]
}

/** What the gates on metrics have measured. */
export type MeshBindingStatusMigrationTraffic = {
	/** Before anything moved. */
	readonly baseline?: MeshBindingStatusMigrationTrafficBaseline
	/** At the last gate that was judged. */
	readonly latest?: MeshBindingStatusMigrationTrafficLatest
}

/** Before anything moved. */
export type MeshBindingStatusMigrationTrafficBaseline = {
	/** When it was measured. */
	readonly measuredAt: string
	/** How long the window was. */
	readonly seconds: number
	/** What was counted, by where it was counted. A side without samples is left out. */
	readonly sides?: readonly MeshBindingStatusMigrationTrafficBaselineSide[]
}

export type MeshBindingStatusMigrationTrafficBaselineSide = {
	/** Who counted; connections where nobody reads requests. */
	readonly side: "server" | "client" | "connections"
	/** Requests in the window. */
	readonly requests: number
	/** How many of them failed. */
	readonly failed: number
	/** The 99th percentile of their time in milliseconds. */
	readonly p99Millis?: number
}

/** At the last gate that was judged. */
export type MeshBindingStatusMigrationTrafficLatest = {
	/** When it was measured. */
	readonly measuredAt: string
	/** How long the window was. */
	readonly seconds: number
	/** What was counted, by where it was counted. A side without samples is left out. */
	readonly sides?: readonly MeshBindingStatusMigrationTrafficLatestSide[]
}

export type MeshBindingStatusMigrationTrafficLatestSide = {
	/** Who counted; connections where nobody reads requests. */
	readonly side: "server" | "client" | "connections"
	/** Requests in the window. */
	readonly requests: number
	/** How many of them failed. */
	readonly failed: number
	/** The 99th percentile of their time in milliseconds. */
	readonly p99Millis?: number
}

export type MeshBindingStatusMigrationStep = {
	/** Names the step, the same in every plan of the same namespace. */
	readonly id: string
	/** What the step does. */
	readonly action: "Apply" | "Delete" | "Roll" | "Template" | "Gate" | "Soak"
	/** What it does it to, as Kind/namespace/name. */
	readonly object?: string
	/** The wave that it belongs to. */
	readonly wave?: number
	/** Where the step stands. */
	readonly state: "Pending" | "Running" | "Done" | "Failed" | "Undone" | "Skipped"
	/** When it was started. */
	readonly startedAt?: string
	/** When it ended. */
	readonly finishedAt?: string
	/** What it waits for or found. */
	readonly message?: string
}

export type MeshBindingStatusHistoryItem = {
	/** Names the migration. */
	readonly id: string
	/** How it ended. */
	readonly state: "Succeeded" | "RolledBack" | "Failed"
	/** The dataplane that it left. */
	readonly from?: string
	/** The dataplane that it went to. */
	readonly to?: string
	/** When it started. */
	readonly startedAt?: string
	/** When it ended. */
	readonly finishedAt?: string
	/** Why it ended. */
	readonly message?: string
}

export type MeshBindingStatusCondition = {
	/** What is observed, in CamelCase. */
	readonly type: string
	/** Whether it holds. */
	readonly status: "True" | "False" | "Unknown"
	/** The generation that was observed. */
	readonly observedGeneration?: number
	/** When status last changed. */
	readonly lastTransitionTime: string
	/** Why, in one CamelCase word. */
	readonly reason: string
	/** Why, for a person, and what to do about it. */
	readonly message: string
}

/** MeshProfile declares which dataplane the namespaces that it selects are to be on. The operator makes one MeshBinding per selected namespace and moves the workloads there without losing a request and without admitting one that the old policy denied. */
export type MeshProfile = {
	/** The version of this representation of an object, heddle.dev/v1alpha1. */
	readonly apiVersion: "heddle.dev/v1alpha1"
	/** The kind of this object, MeshProfile. */
	readonly kind: "MeshProfile"
	readonly metadata: ObjectMeta
	/** What is wanted of the selected namespaces. */
	readonly spec: MeshProfileSpec
	/** What the operator found and did. */
	readonly status?: MeshProfileStatus
}

/** What is wanted of the selected namespaces. */
export type MeshProfileSpec = {
	/** Selects namespaces by their labels. An empty selector is refused: it would select every namespace of the cluster, those of the control planes among them. */
	readonly namespaceSelector: MeshProfileNamespaceSelector
	/** Decides between profiles that select the same namespace: the higher wins. With equal priority nothing moves, and the namespace reports ProfileTie until a person decides. Default: 0. */
	readonly priority?: number
	/** The dataplane that is to carry the traffic of the selected namespaces. */
	readonly dataplane: MeshProfileDataplane
	/** Features that the dataplane must carry beyond those that Heddle finds in use. */
	readonly requires?: readonly ("MTLSStrict" | "MTLSPermissive" | "L4Authorization" | "L7Authorization" | "ExplicitDeny" | "JWTAuthentication" | "HTTPHeaderRouting" | "TrafficSplit" | "HTTPTimeout" | "HTTPRetry" | "RequestMirroring" | "URLRewrite" | "FaultInjection" | "LocalRateLimit" | "GlobalRateLimit" | "OutlierDetection" | "SessionAffinity" | "GRPCRouting" | "TCPRouting" | "EgressByFQDN" | "Ingress" | "BackendTLS" | "Tracing" | "AccessLogs" | "L7Metrics" | "L4Metrics" | "WorkloadLoadBalancing" | "ZoneAwareLoadBalancing" | "WasmExtension" | "ProxyCustomization" | "MultiCluster" | "FIPS" | "PostQuantumTLS" | "UDPCapture" | "LiveEnrolment" | "LiveLeaving")[]
	/** Strict refuses plaintext to the selected namespaces once they have moved; Permissive admits it. Left out, mutual TLS stays as it is. */
	readonly mtls?: "Permissive" | "Strict"
	/** Wasm modules that the dataplane runs on the traffic of the selected workloads, in this order. */
	readonly extensions?: readonly MeshProfileExtension[]
	/** Application runtimes that the workloads use beside the dataplane. */
	readonly runtime?: MeshProfileRuntime
	/** How workloads are moved. */
	readonly migration?: MeshProfileMigration
	/** Retain leaves the namespaces as they are when this profile goes; Restore returns them to the state before Heddle. Default: "Retain". */
	readonly deletionPolicy?: "Retain" | "Restore"
	/** While true nothing new is started; a workload that is already rolling finishes. Default: false. */
	readonly paused?: boolean
}

/** Selects namespaces by their labels. An empty selector is refused: it would select every namespace of the cluster, those of the control planes among them. */
export type MeshProfileNamespaceSelector = {
	/** Labels that a namespace must carry, all of them with exactly these values. */
	readonly matchLabels?: Readonly<Record<string, string>>
	/** Requirements on labels, all of which must hold. */
	readonly matchExpressions?: readonly MeshProfileNamespaceSelectorMatchExpression[]
}

export type MeshProfileNamespaceSelectorMatchExpression = {
	/** The label key that the requirement is about. */
	readonly key: string
	/** How the key relates to the values. */
	readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist"
	/** The values of In and NotIn. */
	readonly values?: readonly string[]
}

/** The dataplane that is to carry the traffic of the selected namespaces. */
export type MeshProfileDataplane = {
	/** Auto keeps or picks the family that fits best and says why. Sidecar runs a proxy beside every pod. Sidecarless shares a dataplane in the node and kernel. Wasm takes the best member that runs this profile's extensions. None takes the namespaces out of every mesh. */
	readonly mode: "Auto" | "Sidecar" | "Sidecarless" | "Wasm" | "None"
	/** Pins the member of the family that the mode names. Without it the best installed member is taken. */
	readonly provider?: "istio-sidecar" | "linkerd" | "mosn" | "istio-ambient" | "cilium" | "gke-dataplane-v2" | "gke-ambient" | "kmesh"
	/** The revision, or revision tag, of the control plane, such as 1-31-1. Without it the default revision is taken. */
	readonly revision?: string
}

export type MeshProfileExtension = {
	/** Names the extension within this profile. */
	readonly name: string
	/** Where the module lies, an oci or https address. */
	readonly url: string
	/** A SHA-256 digest, 64 hexadecimal digits: of the module at an https address, of the image's manifest at an oci address. A tag alone is refused since it can be moved. */
	readonly sha256: string
	/** Where in the filter chain the module runs. Default: "Unspecified". */
	readonly phase?: "Authn" | "Authz" | "Stats" | "Unspecified"
	/** Fail refuses a request when the module cannot run; Ignore lets it pass. Default: "Fail". */
	readonly failurePolicy?: "Fail" | "Ignore"
	/** Canary tries the module, or a change of it, on a copy of each selected Deployment with one pod, under the gates of migration, before it comes to the others; where that cannot be, a person has to accept it. AtOnce leaves that out, and has to be accepted too. Default: "Canary". */
	readonly rollout?: "Canary" | "AtOnce"
	/** Free-form configuration, handed to the module as it is. */
	readonly config?: Readonly<Record<string, unknown>>
	/** The workloads that the module runs for; left out, all of the namespace. */
	readonly selector?: MeshProfileExtensionSelector
	/** The Gateway of the namespace that runs the module, in place of the workloads' own proxies. */
	readonly targetRef?: MeshProfileExtensionTargetRef
	/** A Secret of the namespace with the credentials of the registry. Heddle never reads it. */
	readonly imagePullSecret?: string
}

/** The workloads that the module runs for; left out, all of the namespace. */
export type MeshProfileExtensionSelector = {
	/** Labels that the pods must carry. */
	readonly matchLabels?: Readonly<Record<string, string>>
}

/** The Gateway of the namespace that runs the module, in place of the workloads' own proxies. */
export type MeshProfileExtensionTargetRef = {
	/** The kind of the target. Default: "Gateway". */
	readonly kind?: "Gateway"
	/** The name of the target. */
	readonly name: string
}

/** Application runtimes that the workloads use beside the dataplane. */
export type MeshProfileRuntime = {
	/** Dapr sidecars. */
	readonly dapr?: MeshProfileRuntimeDapr
	/** Workloads that are WebAssembly modules themselves. */
	readonly wasm?: MeshProfileRuntimeWasm
}

/** Dapr sidecars. */
export type MeshProfileRuntimeDapr = {
	/** Whether the workloads run with Dapr. Default: false. */
	readonly enabled?: boolean
}

/** Workloads that are WebAssembly modules themselves. */
export type MeshProfileRuntimeWasm = {
	/** The RuntimeClass that runs them, such as wasmedge. */
	readonly runtimeClassName?: string
}

/** How workloads are moved. */
export type MeshProfileMigration = {
	/** Automatic starts as soon as the plan is ready; Manual waits for spec.approved of the namespace's MeshBinding. Default: "Automatic". */
	readonly approval?: "Automatic" | "Manual"
	/** How many workloads move at once, and how long to watch after each wave. */
	readonly waves?: MeshProfileMigrationWaves
	/** What must hold after each wave. Pod evidence, readiness, restarts and events are always checked; the metric gates apply when prometheus is given, and then missing data holds. */
	readonly gates?: MeshProfileMigrationGates
	/** RollBack returns the wave to where it was; Hold stops and waits for a person. Default: "RollBack". */
	readonly onFailure?: "RollBack" | "Hold"
	/** Codes of risks that are accepted for every namespace of this profile. A reason of severity block is never lifted. */
	readonly accept?: readonly string[]
}

/** How many workloads move at once, and how long to watch after each wave. */
export type MeshProfileMigrationWaves = {
	/** Workloads of one namespace that roll at the same time. Default: 1. */
	readonly maxConcurrentWorkloads?: number
	/** How long a wave is watched before the next starts, such as 60s or 10m. Default: "60s". */
	readonly soak?: string
}

/** What must hold after each wave. Pod evidence, readiness, restarts and events are always checked; the metric gates apply when prometheus is given, and then missing data holds. */
export type MeshProfileMigrationGates = {
	/** The least share of requests that must succeed. */
	readonly successRate?: MeshProfileMigrationGatesSuccessRate
	/** How much slower the slowest hundredth of requests may become. */
	readonly latencyP99?: MeshProfileMigrationGatesLatencyP99
	/** Consent to requests that prove the policies: one that each lets through and one that it refuses, sent by short Jobs under the ServiceAccounts of workloads of the namespaces that this profile selects. The operator needs the role heddle-operator-prober for it. */
	readonly prober?: MeshProfileMigrationGatesProber
	/** Where the metrics are read. */
	readonly prometheus?: MeshProfileMigrationGatesPrometheus
}

/** The least share of requests that must succeed. */
export type MeshProfileMigrationGatesSuccessRate = {
	/** Percent of requests, between 0 and 100. */
	readonly minPercent: number
	/** Fewer requests than this are inconclusive, and hold. Default: 100. */
	readonly minRequests?: number
}

/** How much slower the slowest hundredth of requests may become. */
export type MeshProfileMigrationGatesLatencyP99 = {
	/** Percent above the baseline measured before the migration. */
	readonly maxIncreasePercent: number
}

/** Consent to requests that prove the policies: one that each lets through and one that it refuses, sent by short Jobs under the ServiceAccounts of workloads of the namespaces that this profile selects. The operator needs the role heddle-operator-prober for it. */
export type MeshProfileMigrationGatesProber = {
	/** An image with curl 8.3 or later, by its digest. */
	readonly image: string
	/** Methods that may be sent. One that changes something reaches the application where a policy lets it through, or does not hold. */
	readonly methods?: readonly ("GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" | "PATCH" | "DELETE")[]
}

/** Where the metrics are read. */
export type MeshProfileMigrationGatesPrometheus = {
	/** An http or https address, such as http://prometheus.monitoring:9090. */
	readonly address: string
}

/** What the operator found and did. */
export type MeshProfileStatus = {
	/** The generation of spec that this status describes. */
	readonly observedGeneration?: number
	/** How many namespaces are in which state. */
	readonly namespaces?: MeshProfileStatusNamespaces
	/** The latest observations, as the Kubernetes API conventions define them. */
	readonly conditions?: readonly MeshProfileStatusCondition[]
}

/** How many namespaces are in which state. */
export type MeshProfileStatusNamespaces = {
	/** Namespaces that this profile selects and decides for. */
	readonly selected?: number
	/** Namespaces that are where they are to be. */
	readonly upToDate?: number
	/** Namespaces that are on the way. */
	readonly migrating?: number
	/** Namespaces that wait for a person: an approval, an acceptance, or a hold. */
	readonly waiting?: number
	/** Namespaces whose plan is refused. */
	readonly blocked?: number
	/** Namespaces that this profile selects and another decides for, by priority or by a tie. */
	readonly lost?: number
}

export type MeshProfileStatusCondition = {
	/** What is observed, in CamelCase. */
	readonly type: string
	/** Whether it holds. */
	readonly status: "True" | "False" | "Unknown"
	/** The generation that was observed. */
	readonly observedGeneration?: number
	/** When status last changed. */
	readonly lastTransitionTime: string
	/** Why, in one CamelCase word. */
	readonly reason: string
	/** Why, for a person, and what to do about it. */
	readonly message: string
}
