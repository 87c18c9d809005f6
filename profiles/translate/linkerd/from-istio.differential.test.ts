import {describe, expect, test} from "vitest"
import {
	readAuthorization,
	readMeshTLS,
	readNetworks,
	readRoute,
	readServer,
} from "../../policy/linkerd/read.ts"
import type {Request} from "../../policy/request.ts"
import {everything, istioPolicies} from "../../policy/testing/istio.ts"
import {consistentRequest} from "../../policy/testing/meshed.ts"
import {pods, services} from "../../policy/testing/requests.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import {carriedBy, differential, type Judged} from "../testing/differential.ts"
import {closed, isNamed, toLinkerd} from "./from-istio.ts"
import {toLinkerdMoments} from "./moments.ts"

const readers = {
	Server: readServer,
	AuthorizationPolicy: readAuthorization,
	MeshTLSAuthentication: readMeshTLS,
	NetworkAuthentication: readNetworks,
	HTTPRoute: readRoute,
}

function judge(policies: readonly KubeObject[]): Judged {
	const input = {
		services,
		pods,
		namespace: "shop",
		policies,
		trustDomain: "cluster.local",
		anyone: ["*"],
		plainPorts: new Set<number>(),
		probes: [],
	}
	const made = toLinkerd(input)
	for (const one of made.before) expect(readers[one.kind as keyof typeof readers](one).faults).toEqual([])
	const shut = closed(input)
	const fallback = (labels: object) =>
		shut.some((pod) => pod.labels === labels) ? ("deny" as const) : ("all-unauthenticated" as const)
	const moments = toLinkerdMoments({
		namespace: "shop",
		objects: policies,
		made,
		roots: ["istio-system"],
		around: {fallback, trustDomain: "cluster.local"},
		isNamed: (callee) => isNamed(callee, input),
	})
	// Everyone is taken for somebody who has moved in the end, callers of other namespaces too.
	const promises = ({destination}: Request) => isNamed(destination, input)
	return {carried: carriedBy(made), moments: {...moments, promises}}
}

const sayable = {
	...everything,
	positive: true,
	sources: ["principals", "principals", "namespaces", "serviceAccounts", "ipBlocks"] as const,
	operations: ["ports", "ports", "methods", "paths"] as const,
	conditions: [],
}

describe("policies of sidecars at Linkerd", () => {
	test("never allow more, and decide the same where they are exact", () => {
		const common = {pair: "istio-sidecar-to-linkerd", request: consistentRequest, judge}
		const tally = differential({...common, policies: istioPolicies(sayable), pairs: 30_000})
		expect(tally.exact / tally.pairs).toBeGreaterThan(0.05)
		expect(tally.allowedByRule).toBeGreaterThan(100)
	}, 120_000)

	test("are refused where Linkerd cannot say it", () => {
		const common = {pair: "istio-sidecar-to-linkerd", request: consistentRequest, judge}
		expect(differential({...common, policies: istioPolicies(), pairs: 5_000}).blocked).toBeGreaterThan(2_000)
	}, 60_000)
})
