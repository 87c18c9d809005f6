/** Names the image of a waypoint; istiod puts it into the Deployment that it makes. */
export const imageAnnotation = "sidecar.istio.io/proxyImage"

/** Kmesh's own pages and files at v1.2.0, the sources of statements about it. */
export const pages = {
	accessLogs: "kmesh v1.2.0:docs/ctl/kmeshctl_accesslog.md",
	authorization: "kmesh v1.2.0:docs/proposal/layer4_authorization.md",
	bpf: "kmesh v1.2.0:bpf/kmesh/workload",
	chart: "kmesh v1.2.0:deploy/charts/kmesh-helm/values.yaml",
	encryption: "kmesh v1.2.0:docs/proposal/kmesh_support_encrypt.md",
	locality: "kmesh v1.2.0:docs/proposal/kmesh_support_localityLB.md",
	manage: "kmesh v1.2.0:pkg/controller/manage/manage_controller.go",
	mtls: "https://github.com/kmesh-net/kmesh/issues/664",
	observability: "kmesh v1.2.0:docs/proposal/observability.md",
	rateLimit: "https://kmesh.net/docs/application-layer/rate-limit",
	rbac: "kmesh v1.2.0:pkg/auth/rbac.go",
	support: "kmesh v1.2.0:docs/en/kmesh_support.md",
	waypoint: "https://kmesh.net/docs/application-layer/install_waypoint",
} as const
