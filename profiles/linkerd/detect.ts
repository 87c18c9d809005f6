import {coexistence} from "../cilium/coexistence.ts"
import type {Installation} from "../dataplane.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import {refOf} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {
	type Component,
	type ControlPlane,
	components,
	controlPlane,
	injectorOf,
	versionOf,
} from "./control-plane.ts"

/** Which versions of other things it gets along with is not asked here: `profiles/conflicts` knows. */
export function detect(snapshot: Snapshot): readonly Installation[] {
	const plane = controlPlane(snapshot)
	if (plane === undefined) return []
	const version = versionOf(plane)
	const reasons = [
		...injectorReasons(plane),
		...healthReasons(plane),
		...cniReasons(plane),
		...versionReasons(version),
		...coexistence(snapshot, "linkerd"),
	]
	const cni = plane.cni?.metadata.namespace
	return [
		{
			dataplane: "linkerd",
			revision: "default",
			tags: [],
			...(version === undefined ? {} : {version}),
			namespaces: [...new Set([plane.namespace, ...(cni === undefined ? [] : [cni]), ...plane.extensions])],
			healthy: !reasons.some(({severity}) => severity === "block"),
			reasons,
		},
	]
}

function injectorReasons({webhook}: ControlPlane): readonly Reason[] {
	const injector = injectorOf(webhook)
	if (webhook === undefined || injector === undefined)
		return [
			reason("InjectorMissing", {message: "Linkerd has no injection webhook: no pod would get a proxy."}),
		]
	const object = refOf(webhook)
	if ((injector.clientConfig?.caBundle ?? "") === "") {
		const message = "Linkerd's injection webhook has no certificate: the API server cannot call it."
		return [
			reason("ControlPlaneUnhealthy", {object, message, fix: "Let its chart or cert-manager write it."}),
		]
	}
	if (injector.failurePolicy !== "Ignore") return []
	const message = "Linkerd's injection webhook has the failurePolicy Ignore: pods may start without a proxy."
	return [reason("LinkerdInjectorFailsOpen", {object, message})]
}

const duty: Readonly<Record<Component, string>> = {
	"proxy-injector": "new pods would get no proxy",
	identity: "new proxies would get no certificate and not become ready",
	destination: "new proxies would get neither routes nor policies",
}

function healthReasons({deployments}: ControlPlane): readonly Reason[] {
	const broken = components.flatMap((component): readonly Reason[] => {
		const deployment = deployments.get(component)
		if (deployment === undefined) {
			const message = `Linkerd's ${component} is not to be seen, so nothing says that it is healthy.`
			return [reason("ControlPlaneUnhealthy", {message})]
		}
		if ((deployment.status?.availableReplicas ?? 0) > 0) return []
		const message = `Linkerd's ${component} has no available replica: ${duty[component]}.`
		return [
			reason("ControlPlaneUnhealthy", {
				object: refOf(deployment),
				message,
				fix: `Bring ${component} up first.`,
			}),
		]
	})
	const single = [...deployments].filter(([, {spec}]) => (spec?.replicas ?? 1) < 2).map(([name]) => name)
	if (single.length === 0) return broken
	const message = `A single replica runs of Linkerd's ${single.join(", ")}.`
	return [...broken, reason("LinkerdNotHighlyAvailable", {message})]
}

function cniReasons({cni}: ControlPlane): readonly Reason[] {
	if (cni === undefined) return []
	const {numberReady = 0, desiredNumberScheduled = 0} = cni.status ?? {}
	if (desiredNumberScheduled > 0 && numberReady >= desiredNumberScheduled) return []
	const message = `linkerd-cni is ready on ${numberReady} of ${desiredNumberScheduled} nodes.`
	return [reason("LinkerdCNIUnready", {object: refOf(cni), message})]
}

function versionReasons(version: string | undefined): readonly Reason[] {
	if (version !== undefined) return []
	const message =
		"Nothing in the cluster tells the version of Linkerd, or it is none that can be ordered; the weakest statement about each feature counts."
	return [reason("ControlPlaneVersionUnknown", {message})]
}
