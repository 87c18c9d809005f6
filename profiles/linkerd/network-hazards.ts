import {satisfies} from "semver"
import {closesPort, unreadablePolicies} from "../apis/kubernetes/network-policy.ts"
import {closedToTunnelByPeers, cutOffFrom, opensTunnel} from "../apis/kubernetes/tunnel.ts"
import {hasLinkerdProxy, heldBy} from "../apis/linkerd/pods.ts"
import {defaultPolicies} from "../apis/linkerd/policy.ts"
import type {Move} from "../dataplane.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import {refOf} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"

/** Where Linkerd's proxies meet each other. Source: linkerd2:charts/linkerd-control-plane/values.yaml */
const inboundPort = 4143

export function networkPolicyHazards(snapshot: Snapshot, {namespace, to}: Move): readonly Reason[] {
	const faults = unreadablePolicies(snapshot, namespace)
	// Before 2.18 a connection between proxies kept the port of the application.
	if (to.version !== undefined && satisfies(to.version, "<2.18.0")) return faults
	return [
		...faults,
		...closesPort(snapshot, namespace, inboundPort).map(({policy, direction}) => {
			const whom = direction === "ingress" ? "from its callers" : "to what it calls"
			const message = `${refOf(policy)} admits ports ${whom}, but not TCP ${inboundPort}, by which Linkerd's proxies reach each other.`
			return reason("NetworkPolicyBlocksLinkerd", {object: refOf(policy), message})
		}),
		...openedByTunnel(snapshot, namespace),
		...closedToTunnelByPeers(snapshot, namespace, {
			port: inboundPort,
			inMesh: hasLinkerdProxy,
			mesh: "Linkerd",
		}),
	]
}

/** By 4143 every port behind a proxy is reached, unless the proxy refuses what no Server opens. */
function openedByTunnel(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const denies = defaultPolicies(snapshot, namespace).some(
		({object, value}) => value === "deny" && object.kind === "Namespace",
	)
	if (denies || !heldBy(snapshot, namespace).outsideLinkerd) return []
	return opensTunnel(snapshot, namespace, inboundPort).map(({policy}) => {
		const message = `${refOf(policy)} admits TCP ${inboundPort} to peers that it does not admit to every port; behind Linkerd's proxies they reach every port of its pods by it.`
		return reason("NetworkPolicyOpensLinkerd", {object: refOf(policy), message})
	})
}

/** Of linkerd-destination, its policy controller and linkerd-identity. Source: linkerd2:charts/linkerd-control-plane */
const controlPorts = [8086, 8090, 8080]

export function cutOffHazards(snapshot: Snapshot, {namespace, to}: Move): readonly Reason[] {
	const [space] = to.namespaces
	if (space === undefined || !heldBy(snapshot, namespace).outsideLinkerd) return []
	return cutOffFrom(snapshot, namespace, {space, ports: controlPorts, proxy: "linkerd-proxy"}).map(
		({workload, policies}) => {
			const object = refOf(workload.object)
			const message = `${policies.map(refOf).join(", ")} would keep the proxies of ${object} from TCP ${controlPorts.join(", ")} of ${space}.`
			return reason("NetworkPolicyCutsOffControlPlane", {object, message})
		},
	)
}
