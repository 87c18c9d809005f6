import {describe, test} from "vitest"
import {query} from "../../operator/prometheus/query.ts"
import {istioServers} from "../../profiles/traffic/istio.ts"
import {sidecar} from "../api/operator/manifests.ts"
import {isInjected} from "../api/operator/place.ts"
import {measure, openPlace} from "./course.ts"
import {useNode} from "./node.ts"
import {report, resultOf} from "./results.ts"
import {caseMs, deploy, patience, podsOf, useOperator} from "./scene.ts"

/*
 * The gates on metrics, on a real Prometheus that scrapes real sidecars. The counters are the Envoy's own; a rule of the
 * sandbox' Prometheus gives them the names of Istio's metrics, because the stock Envoy lacks the filter that would
 * (installer/sandbox/node/metrics.ts): for the names it is a stand-in.
 */
const world = useNode()
const operator = useOperator(world)

const gates = (address: string) => ({
	successRate: {minPercent: 99.9, minRequests: 200},
	prometheus: {address},
})

describe("the gates on metrics", {timeout: caseMs}, () => {
	test("roll a move back when 2 % of the requests fail behind the sidecars", async ({expect}) => {
		const [place, clients] = [await openPlace(world()), await openPlace(world())]
		const address = world().sandbox.prometheus ?? ""
		await deploy(place, {env: {ERRORS_BEHIND_PROXY: "2"}})
		await operator.running()
		let counted: number | undefined
		const measured = await measure(world(), {
			place,
			clients,
			callers: "none",
			act: async () => {
				const migration = {waves: {soak: "60s"}, gates: gates(address)}
				await place.profile({dataplane: sidecar, migration})
				await podsOf(place, isInjected)
				await place.until("RolledBack", patience)
				counted = await query(address, istioServers.requests({namespace: place.name, seconds: 300}))
				await podsOf(place, (pod) => !isInjected(pod))
			},
		})
		const facts = {
			name: "9-metric-gate",
			title:
				"none → sidecar with an app that fails 2 % of its requests there: rolled back by the metric gate",
			note: "what is lost are the app's own answers of 500, until the gate has judged",
		}
		const result = report(resultOf(facts, measured))
		const lost = Object.keys(result.outcomes).filter((outcome) => outcome !== "200")
		expect(lost).toEqual(["500"])
		expect(result.lost).toBeLessThan(result.requests * 0.02)
		expect(counted).toBeGreaterThan(200)
	})
})
