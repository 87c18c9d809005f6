import {GRPCRoute, HTTPRoute, TCPRoute, TLSRoute} from "../../../../profiles/apis/gateway-api/kinds.ts"
import {Sidecar, VirtualService} from "../../../../profiles/apis/istio/kinds.ts"
import {HTTPRoute as LinkerdRoute} from "../../../../profiles/apis/linkerd/kinds.ts"
import {type Field, readSpec} from "../../../../profiles/apis/read.ts"
import {refOf} from "../../../../profiles/snapshot/object.ts"
import type {Snapshot} from "../../../../profiles/snapshot/snapshot.ts"
import type {Claim, Forward, Party} from "../claim.ts"
import {podsOfHost, podsOfService} from "./services.ts"

const routeKinds = [HTTPRoute, GRPCRoute, TCPRoute, TLSRoute, LinkerdRoute]

/** Routes of a Service hand its requests on to their backends. */
export function forwards(snapshot: Snapshot, namespace: string): readonly Forward[] {
	const routes = routeKinds.flatMap((kind) =>
		snapshot.list(kind, namespace).map((object) => ({
			object,
			...readSpec(object, (spec) => ({
				from: services(spec.at("parentRefs"), namespace),
				to: spec
					.at("rules")
					.items()
					.flatMap((rule) => services(rule.at("backendRefs"), namespace)),
			})).value,
		})),
	)
	const byRoute = routes.flatMap(({object, from, to}) =>
		across(
			from.flatMap((name) => podsOfService(snapshot, namespace, name)),
			to.flatMap((name) => podsOfService(snapshot, namespace, name)),
			refOf(object),
		),
	)
	const byHost = snapshot.list(VirtualService, namespace).flatMap((object) => {
		const {hosts, to} = readSpec(object, readDestinations).value
		const pods = (names: readonly string[]) => names.flatMap((one) => podsOfHost(snapshot, namespace, one))
		return across(pods(hosts), pods(to), refOf(object))
	})
	return [...byRoute, ...byHost]
}

const across = (from: readonly Party[], to: readonly Party[], by: string): readonly Forward[] =>
	from.flatMap((first) => to.map((second) => ({from: first, to: second, by})))

/** Names of Services of the namespace that references of a route mean. A parent is a Gateway unless it says otherwise. */
function services(refs: Field, namespace: string): readonly string[] {
	const byDefault = refs.path.endsWith("parentRefs") ? "Gateway" : "Service"
	return refs.items().flatMap((ref) => {
		const isOwn = (ref.at("namespace").text() ?? namespace) === namespace
		const name = ref.at("name").text()
		return (ref.at("kind").text() ?? byDefault) === "Service" && isOwn && name !== undefined ? [name] : []
	})
}

const readDestinations = (spec: Field) => ({
	hosts: spec.at("hosts").texts(),
	to: ["http", "tcp", "tls"].flatMap((protocol) =>
		spec
			.at(protocol)
			.items()
			.flatMap((rule) => rule.at("route").items())
			.flatMap((route) => route.at("destination").at("host").text() ?? []),
	),
})

/**
 * Hosts that a Sidecar lets its pods call, where it names them one by one.
 * Source: https://istio.io/latest/docs/reference/config/networking/sidecar/#IstioEgressListener
 */
export function claimsOfSidecars(snapshot: Snapshot, namespace: string): readonly Claim[] {
	return snapshot.list(Sidecar, namespace).flatMap((object) => {
		const {labels, hosts} = readSpec(object, (spec) => ({
			labels: spec.at("workloadSelector").at("labels").stringMap(),
			hosts: spec
				.at("egress")
				.items()
				.flatMap((one) => one.at("hosts").texts()),
		})).value
		const caller: Party =
			Object.keys(labels).length === 0 ? {namespace} : {namespace, labels: {matchLabels: labels}}
		const callees = hosts
			.map((host) => host.split("/"))
			.filter(([space]) => space === "." || space === namespace)
			.flatMap(([, host = ""]) => podsOfHost(snapshot, namespace, host))
		return callees.map((callee) => ({callee, callers: [caller], by: refOf(object)}))
	})
}
