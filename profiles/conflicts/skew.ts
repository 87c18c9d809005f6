import {coerce} from "semver"
import {type ControlPlane, controlPlanes, versionIn, versionOf} from "../apis/istio/control-plane.ts"
import {isMosn} from "../foreign.ts"
import {agents} from "../istio-ambient/agents.ts"
import {listed} from "../names.ts"
import {annotationOf, labelOf, proxyOf} from "../pods.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import * as kinds from "../snapshot/kinds.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"

/*
 * "The Istio control plane can be one version ahead of the data plane. However, the data plane cannot be ahead of
 * control plane" (https://istio.io/latest/docs/releases/supported-releases/#control-planedata-plane-skew).
 */

/** Proxies of one version under one revision, and the namespaces or DaemonSets that they are in. */
type Group = {readonly plane: ControlPlane; readonly proxy: string; readonly where: Set<string>}

/** What is wrong between Istio's control planes and the proxies that they configure; one reason per pair of versions. */
export function skews(snapshot: Snapshot): readonly Reason[] {
	return groups(snapshot).flatMap(({plane, proxy, where}) => {
		const version = versionOf(plane)
		const lead = minorsBetween(version, proxy)
		if (lead === undefined || (lead <= 0 && lead >= -1)) return []
		const message = `istiod of the revision ${plane.revision} is ${version}, and proxies in ${listed([...where].sort())} are ${proxy}.`
		return [reason(lead > 0 ? "DataplaneLeadsControlPlane" : "DataplaneTrailsControlPlane", {message})]
	})
}

/** How many minor versions the proxy is newer; negative when it is older. */
function minorsBetween(plane: string | undefined, proxy: string): number | undefined {
	const [a, b] = [coerce(plane), coerce(proxy)]
	return a === null || b === null || a.major !== b.major ? undefined : b.minor - a.minor
}

function groups(snapshot: Snapshot): readonly Group[] {
	const planes = controlPlanes(snapshot)
	const found = new Map<string, Group>()
	const add = (plane: ControlPlane | undefined, proxy: string | undefined, where: string) => {
		if (plane === undefined || proxy === undefined) return
		const key = `${plane.revision} ${proxy}`
		const group = found.get(key) ?? {plane, proxy, where: new Set()}
		group.where.add(where)
		found.set(key, group)
	}
	for (const pod of snapshot.list(kinds.Pod)) {
		const proxy = proxyOf(pod, "istio-proxy")
		// ztunnel's own container has the same name; it is judged by its DaemonSet.
		if (proxy === undefined || isMosn(pod) || labelOf(pod, "app") === "ztunnel") continue
		const revision = annotationOf(pod, "istio.io/rev") ?? labelOf(pod, "istio.io/rev")
		add(planeOf(planes, revision), versionIn(proxy.container.image), pod.metadata.namespace ?? "")
	}
	for (const [name, {daemonSet}] of agents(snapshot)) {
		const image = daemonSet.spec?.template?.spec?.containers?.[0]?.image
		add(planeOf(planes, labelOf(daemonSet, "istio.io/rev")), versionIn(image), `the DaemonSet ${name}`)
	}
	return [...found.values()]
}

const planeOf = (planes: readonly ControlPlane[], revision = "default") =>
	planes.find((one) => one.revision === revision || one.tags.includes(revision))
