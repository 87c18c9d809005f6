import {coerce, gte} from "semver"
import {
	type ControlPlane,
	controlPlanes,
	environmentOf,
	hasCertificate,
	isExternal,
	versionOf,
} from "../apis/istio/control-plane.ts"
import {coexistence} from "../cilium/coexistence.ts"
import type {Installation} from "../dataplane.ts"
import {perSnapshot} from "../memo.ts"
import {mosnPlanes} from "../mosn/revisions.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import * as kinds from "../snapshot/kinds.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"

/** Every revision of Istio that has an injector; one that injects MOSN is MOSN's. */
export function detect(snapshot: Snapshot): readonly Installation[] {
	const foreign = mosnPlanes(snapshot)
	return controlPlanes(snapshot)
		.filter((plane) => !foreign.includes(plane))
		.map((plane) => installation(snapshot, plane))
}

function installation(snapshot: Snapshot, plane: ControlPlane): Installation {
	const version = versionOf(plane)
	const reasons = [
		...injectorReasons(plane),
		...healthOf(plane),
		...versionReasons(plane, version),
		...nativeReasons(snapshot, plane),
		...coexistence(snapshot, "istio-sidecar"),
	]
	return {
		dataplane: "istio-sidecar",
		revision: plane.revision,
		tags: plane.tags,
		...(version === undefined ? {} : {version}),
		namespaces: [plane.namespace],
		healthy: !reasons.some(({severity}) => severity === "block"),
		reasons,
	}
}

const named = ({revision}: ControlPlane) => `istiod of the revision ${revision}`

export function injectorReasons(plane: ControlPlane): readonly Reason[] {
	if (plane.webhooks.length > 0) return []
	return [
		reason("InjectorMissing", {
			message: `${named(plane)} has no injection webhook: no pod would get a sidecar.`,
		}),
	]
}

/** Whether istiod serves, as far as the cluster shows it. */
export function healthOf(plane: ControlPlane): readonly Reason[] {
	return isExternal(plane) ? externalHealth(plane) : deploymentHealth(plane)
}

function externalHealth(plane: ControlPlane): readonly Reason[] {
	if (!hasCertificate(plane)) {
		return [
			unhealthy(
				`${named(plane)} runs outside of the cluster and has never put its certificate into its webhook.`,
				"Start that istiod and let it reach the API server.",
			),
		]
	}
	const message = `${named(plane)} runs outside of the cluster: its health is not visible here, so each new pod is proven by itself.`
	return [reason("ControlPlaneExternal", {message})]
}

function deploymentHealth(plane: ControlPlane): readonly Reason[] {
	const {deployment} = plane
	if (deployment === undefined) {
		return [
			unhealthy(
				`${named(plane)}: its webhook is there, its Deployment is not to be seen, so nothing says that it is healthy.`,
				"Allow Heddle to read Deployments of the control plane's namespace, or remove the webhook that is left of it.",
			),
		]
	}
	const available = deployment.status?.availableReplicas ?? 0
	if (available > 0) return []
	return [
		unhealthy(
			`${named(plane)} has no available replica: with failurePolicy Fail no pod can be created.`,
			"Bring istiod up first.",
		),
	]
}

function unhealthy(message: string, fix: string): Reason {
	return reason("ControlPlaneUnhealthy", {message, fix})
}

function versionReasons(plane: ControlPlane, version: string | undefined): readonly Reason[] {
	if (version !== undefined) return []
	const message = `Nothing in the cluster tells the version of ${named(plane)}; the weakest statement about each feature counts.`
	return [reason("ControlPlaneVersionUnknown", {message})]
}

/**
 * Whether new sidecars are native containers. Since 1.27 Istio decides by the oldest kubelet: one node before 1.33
 * makes all of them plain containers. Without a node to look at nothing is proven.
 */
export function sidecarsAreNative(snapshot: Snapshot, plane: ControlPlane | undefined): boolean {
	const switched = plane && environmentOf(plane, "ENABLE_NATIVE_SIDECARS")
	if (switched === "true" || switched === "false") return switched === "true"
	const version = plane && versionOf(plane)
	if (version !== undefined && !atLeast(version, "1.27.0")) return false
	return snapshot.list(kinds.Node).length > 0 && oldKubelets(snapshot).length === 0
}

const oldKubelets = perSnapshot((snapshot): readonly string[] =>
	snapshot
		.list(kinds.Node)
		.filter(({status}) => !atLeast(status?.nodeInfo?.kubeletVersion, "1.33.0"))
		.map(({metadata}) => metadata.name),
)

function atLeast(version: string | undefined, wanted: string): boolean {
	const found = coerce(version)
	return found !== null && gte(found, wanted)
}

function nativeReasons(snapshot: Snapshot, plane: ControlPlane): readonly Reason[] {
	if (sidecarsAreNative(snapshot, plane)) return []
	const [old] = oldKubelets(snapshot)
	const none =
		snapshot.list(kinds.Node).length === 0
			? "no node is visible"
			: `${named(plane)} has them off, or is older than 1.27`
	const why = old === undefined ? none : `the kubelet of ${old} is older than 1.33`
	return [reason("SidecarsNotNative", {message: `New sidecars are taken for plain containers: ${why}.`})]
}
