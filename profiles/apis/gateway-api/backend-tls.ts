import {annotationOf} from "../../pods.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {reader, type Uses, usesOf} from "../use.ts"
import {BackendTLSPolicy} from "./kinds.ts"
import {readRoute} from "./routes.ts"

/** The Services that callers' proxies are to speak TLS with in the application's stead. */
const readBackendTLS = reader((spec, object) => ({
	targets: spec
		.at("targetRefs")
		.items()
		.map((ref) => ({kind: ref.at("kind").text() ?? "", name: ref.at("name").text() ?? ""})),
	hostname: spec.at("validation").at("hostname").text() ?? "",
	// Source: https://istio.io/latest/news/releases/1.31.x/announcing-1.31/change-notes/
	ignored: annotationOf(object, "istio.io/ignore-policy-attachment") === "true",
}))

/**
 * The BackendTLSPolicies of a namespace, which hold for whoever calls its Services, and those of other namespaces on
 * Services that its routes send to. Istio's proxies apply them at every caller, gateways among them.
 */
export function backendTLS(snapshot: Snapshot, namespace: string, routes: readonly KubeObject[]): Uses {
	const own = snapshot.list(BackendTLSPolicy, namespace)
	const called = routes
		.flatMap((route) => {
			const {parents, backends} = readRoute(route).value
			return [...parents, ...backends]
		})
		.filter((one) => one.kind === "Service" && one.namespace !== namespace)
	const foreign = [...new Set(called.map((one) => one.namespace))].flatMap((space) =>
		snapshot
			.list(BackendTLSPolicy, space)
			.filter((policy) =>
				readBackendTLS(policy).value.targets.some(
					({kind, name}) =>
						kind === "Service" && called.some((one) => one.namespace === space && one.name === name),
				),
			),
	)
	return usesOf([...own, ...foreign], readBackendTLS, ({targets, hostname, ignored}) =>
		ignored
			? []
			: [{name: "BackendTLS", note: `to ${targets.map(({name}) => name).join(", ")} as ${hostname}`}],
	)
}
