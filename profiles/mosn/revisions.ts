import {type ControlPlane, controlPlanes, versionIn, versionOf} from "../apis/istio/control-plane.ts"
import {isMosn} from "../foreign.ts"
import {perSnapshot} from "../memo.ts"
import {annotationOf, labelOf, proxyOf} from "../pods.ts"
import * as kinds from "../snapshot/kinds.ts"
import type {Pod} from "../snapshot/shapes.ts"

/** What a revision's injector puts into pods: `versions` are those of MOSN that run. */
type Injected = {mosn: number; others: number; readonly versions: Set<string>}

const injected = perSnapshot((snapshot): ReadonlyMap<string, Injected> => {
	const planes = controlPlanes(snapshot).filter(isOfMosnsTime)
	// Pods are looked at only where a control plane is old enough to serve MOSN.
	if (planes.length === 0) return new Map()
	const found = new Map<string, Injected>(
		planes.map(({revision}) => [revision, {mosn: 0, others: 0, versions: new Set<string>()}]),
	)
	for (const pod of snapshot.list(kinds.Pod)) {
		const entry = found.get(revisionOf(pod))
		if (entry !== undefined) count(pod, entry)
	}
	return found
})

const revisionOf = (pod: Pod): string =>
	annotationOf(pod, "istio.io/rev") ?? labelOf(pod, "istio.io/rev") ?? "default"

/** Where nothing tells the version it may be as old. */
function isOfMosnsTime(plane: ControlPlane): boolean {
	const version = versionOf(plane)
	return version === undefined || version.startsWith("1.10.")
}

function count(pod: Pod, entry: Injected): void {
	const proxy = proxyOf(pod, "istio-proxy")
	if (proxy === undefined || annotationOf(pod, "sidecar.istio.io/status") === undefined) return
	if (!isMosn(pod)) {
		entry.others++
		return
	}
	entry.mosn++
	// `mosnio/proxyv2:v1.0.0-1.10.6`: MOSN's version, then Istio's.
	const version = versionIn(proxy.container.image)?.split("-")[0]
	if (version !== undefined) entry.versions.add(version)
}

/**
 * A control plane of Istio 1.10 that injects MOSN, as running pods prove: all that it injected into run MOSN. Nothing
 * else in the API tells it from an Istio that injects Envoy. It is then MOSN's control plane, and not Istio's.
 */
export const mosnPlanes = perSnapshot((snapshot): readonly ControlPlane[] =>
	controlPlanes(snapshot).filter(({revision}) => {
		const found = injected(snapshot).get(revision)
		return found !== undefined && found.mosn > 0 && found.others === 0
	}),
)

/** The version of MOSN that a revision's pods run; undefined when they run several, or their images tell none. */
export const mosnVersions = perSnapshot((snapshot): ReadonlyMap<string, string> => {
	const known = [...injected(snapshot)].flatMap(([revision, {versions}]) => {
		const [version, ...more] = versions
		return version === undefined || more.length > 0 ? [] : [[revision, version] as const]
	})
	return new Map(known)
})
