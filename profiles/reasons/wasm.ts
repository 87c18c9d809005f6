import type {CatalogueEntry} from "./catalogue.ts"

const waypointGuard =
	"Add an AuthorizationPolicy that denies whoever is not the waypoint (notPrincipals), run the module in sidecars, or accept it."

/** Extensions of proxies, and workloads that are WebAssembly themselves. */
export const wasmReasons = {
	ExtensionNotProved: {
		severity: "accept",
		doc: "Nothing proves that this module can be fetched with this digest and that it runs. The proxies that it is for get it at once, and one that cannot fetch it does not get ready, even where failures are ignored (istio#53279): new pods would not start.",
		fix: "Inspect and prove the module first, or accept it if it runs elsewhere already.",
	},
	ExtensionWithoutCanary: {
		severity: "accept",
		doc: "A module, or a change of it, would come to all of its traffic at once: nothing tries it on a part of it first. A module that cannot be fetched or that fails refuses every request where its failure policy is Fail (istio:pkg/wasm/convert.go puts a filter in its place that denies all).",
		fix: "Try the module on another namespace first, run it in sidecars of a Deployment, or accept it.",
	},
	ExtensionNotMeasured: {
		severity: "accept",
		doc: "The profile names no Prometheus. The canary of a module that may refuse requests then shows that it can be fetched and loads, and not whether it lets requests pass: a proxy is ready all the same.",
		fix: "Give spec.migration.gates.prometheus, or accept it.",
	},
	ExtensionRefusesMore: {
		severity: "accept",
		doc: "With a module on them a few pods refuse a share of requests (4xx) that the others let through. The canary goes back, unless a person has accepted that the module is meant to.",
		fix: "Correct the module or its configuration; accept it beforehand where it is there to refuse requests that pass today.",
	},
	ExtensionDigestMismatch: {
		severity: "block",
		doc: "The address of a module carries a digest, and it is another one than sha256. The host would refuse it, and with it every new pod.",
		fix: "Give the same digest twice, or leave the one in the address out.",
	},
	ExtensionNameTaken: {
		severity: "block",
		doc: "An object of the name that Heddle would give to an extension is there and is not Heddle's.",
		fix: "Rename the extension, or delete the object.",
	},
	ExtensionTargetMissing: {
		severity: "block",
		doc: "An extension is attached to a Gateway that is not there. It would run nowhere.",
		fix: "Create the Gateway in this namespace first, or name another one in targetRef.",
	},
	ExtensionHostUnknown: {
		severity: "block",
		doc: "Heddle does not know a way to run a module there, so it cannot promise that it runs.",
		fix: "Choose a dataplane or a Gateway that runs modules: Istio, Envoy Gateway.",
	},
	ExtensionHostNeedsConfiguration: {
		severity: "block",
		doc: "The host reads modules and their configuration from files of its own, which Heddle does not write. Nothing says whether the module runs.",
		fix: "Put the configuration that the message shows into the host, and take the extension out of the profile.",
	},
	ExtensionPolicyConflict: {
		severity: "block",
		doc: "Another EnvoyExtensionPolicy is attached to the same Gateway. Envoy Gateway runs the oldest one alone.",
		fix: "Move its modules into the profile and delete it, or take targetRef out of the extension.",
	},
	ExtensionSelectorNotExactAtWaypoint: {
		severity: "block",
		doc: "A waypoint sees Services and not pods. The extension selects pods by labels, and a Service has pods of both kinds, or none is there to attach it to: it would run for too many, or for nobody.",
		fix: "Make a Service for exactly these pods, leave the selector out, or run the module in sidecars.",
	},
	ExtensionTooManyTargets: {
		severity: "block",
		doc: "An extension may be attached to 16 Services, and more of them are needed here.",
		fix: "Split the extension by selectors, or give the namespace a waypoint of its own.",
	},
	ExtensionSelectsNothing: {
		severity: "info",
		doc: "No pod of the namespace has the labels that the extension selects. It runs for nobody until there is one.",
		fix: "Check the labels of its selector.",
	},
	ExtensionSkippedByDirectCalls: {
		severity: "accept",
		doc: "A module in a waypoint runs on calls that go through it. Calls straight to the address of a pod, and those of callers with sidecars, do not (istio#51445).",
		fix: waypointGuard,
	},
	ExtensionWeakenedAtWaypoint: {
		severity: "block",
		doc: "A module that refuses requests runs in sidecars today, where nothing gets around it. In a waypoint calls straight to a pod would get around it: what is refused today would be admitted.",
		fix: "Add an AuthorizationPolicy that denies whoever is not the waypoint (notPrincipals), or stay on sidecars.",
	},
	ExtensionPhaseIgnored: {
		severity: "info",
		doc: "The host knows no such phase. The module runs at the place that the host has for modules.",
		fix: "Check that the order holds there; otherwise run the module elsewhere.",
	},
	ExtensionCostUnmeasured: {
		severity: "info",
		doc: "What a module costs depends on the module, and nobody publishes figures. Each worker thread of each proxy runs a copy of it. The plan's cost leaves it out.",
		fix: "Measure the module on one workload before it is widened.",
	},
	RuntimeClassMissing: {
		severity: "block",
		doc: "The profile names a RuntimeClass that is not there. A pod that asks for it is refused.",
		fix: "Create the RuntimeClass with the handler that the nodes' containerd or CRI-O knows, or correct the name.",
	},
	RuntimeClassWithoutNodes: {
		severity: "block",
		doc: "No node that takes pods has the labels that the RuntimeClass schedules by: its pods would stay pending.",
		fix: "Label the nodes that have the shim, or correct scheduling.nodeSelector.",
	},
	RuntimeHandlerUnknown: {
		severity: "accept",
		doc: "The handler of the RuntimeClass is none that Heddle knows. Whether a native sidecar runs beside a module under it is not known.",
		fix: "Try one pod with its sidecars first, or accept it.",
	},
	RuntimeClassNotWritten: {
		severity: "info",
		doc: "The class holds for a whole pod, and the image of a native program is no module. Heddle never writes runtimeClassName onto a workload.",
		fix: "Make a twin of the workload from the module, with a Service of its own, and shift the traffic by weight.",
	},
	WasmSidecarNotSmart: {
		severity: "block",
		doc: "crun takes every container of this pod for a module unless it is told to look: the sidecar would not start (crun#829).",
		fix: "Set the annotation module.wasm.image/variant: compat-smart, or run.oci.handler: wasm-smart, on the pod template.",
	},
	WasmSidecarShimUnproven: {
		severity: "accept",
		doc: "Older shims of this kind did not run native sidecars beside a module (containerd-wasm-shims#105), and no API field tells the shim's version.",
		fix: "Try one pod with its sidecar first, use ambient, which injects nothing, or accept it.",
	},
	WasmPrivilegedInit: {
		severity: "accept",
		doc: "The injector adds an init container that sets up the redirection with NET_ADMIN. Under a shim for modules it runs by the shim's own runtime, which nobody has proved here.",
		fix: "Install the dataplane's CNI plugin, which needs no such container, or use ambient.",
	},
	WasmExecProbe: {
		severity: "accept",
		doc: "A probe or a hook runs a command in the container. A module has no shell and no second process: it would fail, and the pod with it.",
		fix: "Use httpGet or tcpSocket, and sleep as a preStop hook.",
	},
	WasmNotObservable: {
		severity: "info",
		doc: "No field of the API says that a container ran as a module. The evidence is the runtimeClassName of its spec, that it is Ready, and the labels of its node.",
		fix: "Nothing to do; look at the shim's process on the node for proof.",
	},
	WasmCostUnproven: {
		severity: "info",
		doc: "The published claim that a module needs 1 % of a container's resources has no good source. Nothing of it goes into the plan's cost.",
		fix: "Measure the twin under the same load before requests are lowered.",
	},
} as const satisfies Record<string, CatalogueEntry>
