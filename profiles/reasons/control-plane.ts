import type {CatalogueEntry} from "./catalogue.ts"

export const controlPlaneReasons = {
	ControlPlaneUnhealthy: {
		severity: "block",
		doc: "Nothing proves that this control plane serves: no replica is available, or it is not to be seen at all. With Istio's failurePolicy Fail no pod could be created.",
		fix: "Bring the control plane up, or allow Heddle to read its Deployment.",
	},
	InjectorMissing: {
		severity: "block",
		doc: "A control plane is there without its injection webhook: new pods would start without a proxy and without an error.",
		fix: "Install the webhook of this revision, or remove what is left of it.",
	},
	ControlPlaneExternal: {
		severity: "info",
		doc: "The control plane runs outside of the cluster, so its health is not visible. It has put its certificate into its webhook; each new pod is proven by itself before the next one is rolled.",
		fix: "Nothing to do; watch that control plane where it runs.",
	},
	ControlPlaneVersionUnknown: {
		severity: "info",
		doc: "Nothing in the cluster tells the version. Of each feature the weakest statement for any version counts.",
		fix: "Label its Service or its webhook with app.kubernetes.io/version.",
	},
	SidecarsNotNative: {
		severity: "info",
		doc: "Istio makes sidecars native containers only when every kubelet is 1.33 or newer. Otherwise Jobs do not end by themselves and init containers have no network.",
		fix: "Upgrade the kubelets, or set the annotation sidecar.istio.io/nativeSidecar on the workloads that need it.",
	},
	AmbientAgentsUnready: {
		severity: "block",
		doc: "ztunnel or istio-cni is missing or not ready on a node that may get pods. A pod that is redirected there would be cut off.",
		fix: "Bring both DaemonSets up on every schedulable node first.",
	},
	AmbientNotEnabled: {
		severity: "block",
		doc: "istiod does not have ambient on, so it would not serve ztunnel and would not announce HBONE for any pod.",
		fix: "Install istiod with the profile ambient.",
	},
	WaypointClassMissing: {
		severity: "info",
		doc: "There is no GatewayClass istio-waypoint. L4 works; what needs a waypoint does not.",
		fix: "Install the CRDs of the Gateway API; istiod then creates the class.",
	},
} as const satisfies Record<string, CatalogueEntry>
