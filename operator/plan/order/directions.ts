import {hop} from "../../../profiles/interop.ts"

export type First = "clients" | "servers"

/** Which side of a call moves first between two dataplanes, and why the other order would hurt. */
export type Direction = {readonly first: First; readonly why: string; readonly source: string}

type Row = Direction & {readonly from: readonly string[]; readonly to: readonly string[]}

const permissive = "https://istio.io/latest/docs/concepts/security/#permissive-mode"
const istio = ["istio-sidecar", "istio-ambient"]

/** The pairs that have been described; a pair without a row goes by what reaches what. The first row counts. */
const rows: readonly Row[] = [
	{
		from: ["istio-sidecar"],
		to: ["istio-ambient"],
		first: "clients",
		why: "a sidecar skips its server's waypoint, while a moved client reaches a server with a sidecar through it",
		source: "https://github.com/istio/istio/issues/51445",
	},
	{
		from: ["istio-ambient"],
		to: ["istio-sidecar"],
		first: "servers",
		why: "clients in ambient reach a moved server through the waypoint, and a moved client would skip it",
		source: "https://github.com/istio/istio/issues/51445",
	},
	{
		from: istio,
		to: ["linkerd", "cilium"],
		first: "servers",
		why: "a client with Istio's mTLS sends plaintext to an endpoint without it",
		source: permissive,
	},
	{
		from: ["linkerd"],
		to: istio,
		first: "servers",
		why: "a permissive server takes the plaintext of clients that have not moved",
		source: permissive,
	},
	{
		from: ["cilium"],
		to: istio,
		first: "servers",
		why: "a permissive server takes the plaintext of clients that have not moved",
		source: permissive,
	},
]

/** Undefined where neither order is known to be safe. */
export function directionOf(from: string, to: string): Direction | undefined {
	const row = rows.find((one) => one.from.includes(from) && one.to.includes(to))
	if (row !== undefined) return row
	const old = hop(from, to)
	if (old.reach !== "unsafe")
		return {first: "servers", why: "clients that have not moved reach a moved server", source: old.source}
	const moved = hop(to, from)
	return moved.reach === "unsafe"
		? undefined
		: {first: "clients", why: "only moved clients reach a server on the other side", source: moved.source}
}
