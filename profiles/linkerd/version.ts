/**
 * The first edge release of each version of Linkerd. An edge release is named after its date, so `edge-26.8.3` is no
 * version 26: it counts as the newest version that had come out by then, whatever it brings beyond.
 * Source: linkerd/website:linkerd.io/data/versions.yaml
 */
const firstEdges: readonly (readonly [edge: readonly number[], version: string])[] = [
	[[26, 6, 3], "2.20.0"],
	[[25, 10, 7], "2.19.0"],
	[[25, 4, 4], "2.18.0"],
	[[24, 11, 8], "2.17.0"],
	[[24, 8, 2], "2.16.0"],
	[[24, 2, 4], "2.15.0"],
]

const released = /^(?:stable-|enterprise-|version-|v)?(2)\.(\d+)(?:\.(\d+))?(?![\d.])/
const edge = /^edge-(\d+)\.(\d+)\.(\d+)/

/**
 * The semantic version that a label or an image reference tells: of open source releases (`stable-2.14.10`, edge
 * releases) and of vendors' builds (`enterprise-2.18.0-1`). Undefined for one that nobody can order: an edge before
 * 2.15, a preview, a build of somebody's own.
 */
export function versionIn(text: string | undefined): string | undefined {
	const tag = (text ?? "").split("@")[0]?.split(":").at(-1) ?? ""
	const [, major, minor, patch = "0"] = released.exec(tag) ?? []
	if (minor !== undefined) return `${major}.${minor}.${patch}`
	const parts = edge.exec(tag)?.slice(1).map(Number)
	return parts && firstEdges.find(([first]) => !isBefore(parts, first))?.[1]
}

function isBefore(one: readonly number[], other: readonly number[]): boolean {
	const index = one.findIndex((part, at) => part !== other[at])
	return index >= 0 && (one[index] ?? 0) < (other[index] ?? 0)
}
