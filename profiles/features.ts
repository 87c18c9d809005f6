/** Portable names of what a dataplane can do, one per row of the capability matrix. */
export const features = [
	"MTLSStrict",
	"MTLSPermissive",
	"L4Authorization",
	"L7Authorization",
	"ExplicitDeny",
	"JWTAuthentication",
	"HTTPHeaderRouting",
	"TrafficSplit",
	"HTTPTimeout",
	"HTTPRetry",
	"RequestMirroring",
	"URLRewrite",
	"FaultInjection",
	"LocalRateLimit",
	"GlobalRateLimit",
	"OutlierDetection",
	"SessionAffinity",
	"GRPCRouting",
	"TCPRouting",
	"EgressByFQDN",
	"Ingress",
	"BackendTLS",
	"Tracing",
	"AccessLogs",
	"L7Metrics",
	"L4Metrics",
	"WorkloadLoadBalancing",
	"ZoneAwareLoadBalancing",
	"WasmExtension",
	"ProxyCustomization",
	"MultiCluster",
	"FIPS",
	"PostQuantumTLS",
	"UDPCapture",
	"LiveEnrolment",
	"LiveLeaving",
] as const

export type Feature = (typeof features)[number]

/** A feature that objects of the cluster make use of. */
export type FeatureUse = {
	readonly name: Feature
	/** The objects that use it, as `Kind/namespace/name`. */
	readonly usedBy: readonly string[]
	readonly note?: string
	/** Every object that uses it is enforced by the container network: no dataplane above gains or loses it. */
	readonly carrier?: "cni"
}
