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
/** Cilium's rules go by the labels of the caller's pod, which a plaintext hop keeps. */
const byLabels = (note: string, source: string): Hop => ({
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
const kmeshDocs = "https://kmesh.net/docs/"
const kubernetes = "https://kubernetes.io/docs/concepts/services-networking/"
const foreignCA = unsafe(
	"ztunnel in Cilium has a CA of its own, and enrolled with unenrolled is unsupported",
	ztunnelInCilium,
)
const toKmesh = open("plaintext; rules of Kmesh go by addresses", kmeshDocs)

/** A client without mTLS of its own, towards every server. */
const withoutMTLS = {
	"istio-sidecar": plain("needs PERMISSIVE at the server"),
	"istio-ambient": plain("needs PERMISSIVE at the server"),
	linkerd: plain("needs a default inbound policy that admits unauthenticated callers", linkerdPolicy),
	cilium: byLabels("plaintext, encrypted when WireGuard is on", ciliumIstio),
	"cilium-ztunnel": foreignCA,
	kmesh: toKmesh,
	none: open("plaintext", kubernetes),
} as const satisfies Record<End, Hop>

export const table: Readonly<Record<End, Readonly<Record<End, Hop>>>> = {
	"istio-sidecar": {
		...withoutMTLS,
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
		"istio-ambient": mutual(
			"HBONE, through the server's waypoint where it has one",
			"https://istio.io/latest/docs/ambient/architecture/hbone/",
		),
	},
	linkerd: {...withoutMTLS, linkerd: mutual("Linkerd's own mTLS", linkerdMTLS)},
	cilium: {...withoutMTLS},
	"cilium-ztunnel": {
		...(Object.fromEntries(ends.map((end) => [end, foreignCA])) as Record<End, Hop>),
		"cilium-ztunnel": mutual("HBONE under Cilium's own CA (beta)", ztunnelInCilium),
	},
	kmesh: {...withoutMTLS},
	none: withoutMTLS,
}
