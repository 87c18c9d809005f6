/**
 * What becomes of a hop from a client on one dataplane to a server on another.
 * `reach`: `yes`; `permissive` only when the server accepts plaintext; `unsafe` fails, or is open where it must not be.
 * `mtls`: `hbone` only when the side with the sidecar speaks HBONE, else plaintext.
 * `l4`, `l7`: rules of the server are `enforced` with the caller's identity, see it as `anonymous`, are `bypassed`, or
 * there is nobody to enforce them (`none`).
 */
export type Hop = {
	readonly reach: "yes" | "permissive" | "unsafe"
	readonly mtls: "yes" | "hbone" | "no"
	readonly l4: Rules
	readonly l7: Rules
	readonly note: string
	readonly source: string
}
type Rules = "enforced" | "anonymous" | "bypassed" | "none"

/** Clients and servers of the table; `cilium` is the one without pod mTLS, with or without WireGuard underneath. */
export const ends = [
	"istio-sidecar",
	"istio-ambient",
	"linkerd",
	"cilium",
	"cilium-ztunnel",
	"kmesh",
	"mosn",
	"gke-dataplane-v2",
	"gke-ambient",
	"none",
] as const
export type End = (typeof ends)[number]

const permissiveMode = "https://istio.io/latest/docs/concepts/security/#permissive-mode"

const plain = (note: string, source = permissiveMode): Hop => ({
	reach: "permissive",
	mtls: "no",
	l4: "anonymous",
	l7: "anonymous",
	note,
	source,
})
/** Cilium's rules go by the labels of the caller's pod, Kmesh's by its address, which a plaintext hop keeps. */
const byAddress = (note: string, source: string): Hop => ({
	reach: "yes",
	mtls: "no",
	l4: "enforced",
	l7: "enforced",
	note,
	source,
})
const open = (note: string, source: string): Hop => ({
	reach: "yes",
	mtls: "no",
	l4: "none",
	l7: "none",
	note,
	source,
})
const mutual = (note: string, source: string): Hop => ({
	reach: "yes",
	mtls: "yes",
	l4: "enforced",
	l7: "enforced",
	note,
	source,
})
const unsafe = (note: string, source: string): Hop => ({
	reach: "unsafe",
	mtls: "no",
	l4: "none",
	l7: "none",
	note,
	source,
})

const ciliumIstio = "cilium:Documentation/network/servicemesh/istio.rst"
const ztunnelInCilium = "cilium#44133"
const linkerdPolicy = "https://linkerd.io/2/reference/authorization-policy/"
const linkerdMTLS = "https://linkerd.io/2/features/automatic-mtls/"
const kmeshRules = "kmesh v1.2.0:pkg/auth/rbac.go (getIdentityByIp)"
const mosnSource = "inferred: no vendor states what MOSN speaks with others than Istio 1.10"
const gkeNetwork = "https://docs.cloud.google.com/kubernetes-engine/docs/concepts/dataplane-v2"
const gkeAmbient = "https://docs.cloud.google.com/kubernetes-engine/docs/how-to/prepare-ambient-networking"
const kubernetes = "https://kubernetes.io/docs/concepts/services-networking/"
const foreignCA = unsafe(
	"ztunnel in Cilium has a CA of its own, and enrolled with unenrolled is unsupported",
	ztunnelInCilium,
)
const notWithSidecars = unsafe("GKE ambient networking does not interoperate with sidecars", gkeAmbient)
const unstatedByGKE = unsafe(
	"nobody states what GKE ambient networking speaks with this dataplane",
	`inferred from ${gkeAmbient}`,
)
/** Kmesh finds the caller's identity by its address; only callers on Kmesh go through the server's waypoint. */
const toKmesh: Hop = {
	reach: "yes",
	mtls: "no",
	l4: "enforced",
	l7: "bypassed",
	note: "plaintext; Kmesh knows callers by their addresses, and those outside of it skip the server's waypoint",
	source: kmeshRules,
}

/** A client without mTLS of its own, towards every server. */
const withoutMTLS = {
	"istio-sidecar": plain("needs PERMISSIVE at the server"),
	"istio-ambient": plain("needs PERMISSIVE at the server"),
	linkerd: plain("needs a default inbound policy that admits unauthenticated callers", linkerdPolicy),
	cilium: byAddress("plaintext, encrypted between nodes when WireGuard is on", ciliumIstio),
	"cilium-ztunnel": foreignCA,
	kmesh: toKmesh,
	mosn: plain("needs PERMISSIVE at the server; with today's dataplanes its mTLS is unproven", mosnSource),
	"gke-dataplane-v2": {
		...byAddress("plaintext; policies of the network go by labels, at L3 and L4", gkeNetwork),
		l7: "none",
	},
	"gke-ambient": plain("needs a permissive GCPServerTLSPolicy at the server", `inferred from ${gkeAmbient}`),
	none: open("plaintext", kubernetes),
} as const satisfies Record<End, Hop>

export const table: Readonly<Record<End, Readonly<Record<End, Hop>>>> = {
	"istio-sidecar": {
		...withoutMTLS,
		"gke-ambient": notWithSidecars,
		"istio-sidecar": mutual("Istio's own mTLS, also with HBONE on", "istio PILOT_PREFER_SENDING_HBONE"),
		"istio-ambient": {
			reach: "yes",
			mtls: "hbone",
			l4: "enforced",
			l7: "bypassed",
			note: "mTLS when the client was restarted with HBONE on, else plaintext; it skips the server's waypoint",
			source: "istio#51445",
		},
	},
	"istio-ambient": {
		...withoutMTLS,
		"istio-sidecar": {
			reach: "yes",
			mtls: "hbone",
			l4: "enforced",
			l7: "enforced",
			note: "mTLS when the server's pod has the label networking.istio.io/tunnel: http, else plaintext: ztunnel does not speak Istio's own mTLS",
			source: "istio:pilot/pkg/serviceregistry/ambient/workloads.go",
		},
		"gke-ambient": unstatedByGKE,
		kmesh: {...toKmesh, source: `inferred from ${kmeshRules}`},
		"istio-ambient": mutual(
			"HBONE, through the server's waypoint where it has one",
			"https://istio.io/latest/docs/ambient/architecture/hbone/",
		),
	},
	linkerd: {
		...withoutMTLS,
		"gke-ambient": notWithSidecars,
		linkerd: mutual("Linkerd's own mTLS", linkerdMTLS),
	},
	// Its pods call as pods outside of every mesh do.
	cilium: withoutMTLS,
	"cilium-ztunnel": {
		...(Object.fromEntries(ends.map((end) => [end, foreignCA])) as Record<End, Hop>),
		"cilium-ztunnel": mutual("HBONE under Cilium's own CA (beta)", ztunnelInCilium),
	},
	kmesh: {
		...withoutMTLS,
		kmesh: byAddress("plaintext, or IPsec between nodes; callers are known by their addresses", kmeshRules),
	},
	mosn: {
		...withoutMTLS,
		mosn: mutual("Istio 1.10's own mTLS", "https://istio.io/v1.10/docs/concepts/security/"),
	},
	"gke-dataplane-v2": withoutMTLS,
	"gke-ambient": {
		...(Object.fromEntries(ends.map((end) => [end, unstatedByGKE])) as Record<End, Hop>),
		"istio-sidecar": notWithSidecars,
		linkerd: notWithSidecars,
		"gke-dataplane-v2": {...withoutMTLS["gke-dataplane-v2"], source: `inferred from ${gkeAmbient}`},
		"gke-ambient": mutual("GKE's own mTLS, by HBONE (preview)", gkeAmbient),
		none: {...withoutMTLS.none, source: `inferred from ${gkeAmbient}`},
	},
	none: withoutMTLS,
}
