import fc from "fast-check"
import type {IstioWorld} from "../../../profiles/policy/istio/decide.ts"
import {requestsFrom} from "../../../profiles/policy/istio/derive.ts"
import type {Request} from "../../../profiles/policy/request.ts"
import {type pods, request} from "../../../profiles/policy/testing/requests.ts"
import type {Placed} from "./placed.ts"

/** Requests to a pod: random ones, and those at the edges of its rules. */
export function requestsTo(
	{namespace, ips}: Placed,
	labels: (typeof pods)[number]["labels"],
	{policies}: IstioWorld,
	seed: number,
): readonly Request[] {
	const to = (port: number) => ({namespace, labels, ip: ips.get(labels.app) ?? "", port})
	const random = fc
		.sample(request, {numRuns: 150, seed})
		.map((one) => ({...one, destination: to(one.destination.port)}))
	return [...random, ...requestsFrom(policies, {callees: [to(8080), to(9090)]})]
}
