import {describe, test} from "vitest"
import {sidecar} from "../api/operator/manifests.ts"
import {isInjected} from "../api/operator/place.ts"
import {measure, openPlace} from "./course.ts"
import {useNode} from "./node.ts"
import {report, resultOf} from "./results.ts"
import {
	caseMs,
	deploy,
	midWave,
	patience,
	podsOf,
	quick,
	restart,
	thereAndBack,
	useOperator,
} from "./scene.ts"

/*
 * Level traffic: real requests through a real kubelet, kube-proxy, Istio and Envoy, while Heddle's real operator moves
 * the application. No request is retried. Every answer but 2xx, every reset and every time-out is lost; an answer that
 * took more than a second is late. The Envoy is a stock one, without Istio's own filters (installer/sandbox/node).
 */
const world = useNode()
const operator = useOperator(world)

describe("no request is lost while", {timeout: caseMs}, () => {
	test("control: pods are restarted, without a mesh and without Heddle", async ({expect}) => {
		const [place, clients] = [await openPlace(world()), await openPlace(world())]
		await deploy(place)
		const measured = await measure(world(), {place, clients, callers: "none", act: () => restart(place)})
		const facts = {name: "1-control", title: "control: a rolling restart, no mesh, no Heddle"}
		expect(report(resultOf(facts, measured))).toMatchObject({lost: 0})
	})

	test.for([
		{callers: "none", name: "2-there-and-back", title: "none → sidecar → none, callers without a sidecar"},
		{
			callers: "sidecar",
			name: "3-there-and-back-meshed",
			title: "none → sidecar → none, callers with a sidecar",
		},
	] as const)("$title", async ({callers, name, title}, {expect}) => {
		const [place, clients] = [await openPlace(world()), await openPlace(world())]
		await deploy(place)
		await operator.running()
		const measured = await measure(world(), {
			place,
			clients,
			callers,
			act: () => thereAndBack(place, {dataplane: sidecar, name: "istio-sidecar", isOn: isInjected}),
		})
		expect(report(resultOf({name, title}, measured))).toMatchObject({lost: 0})
	})

	test("its owner rolls a move back that is half done", async ({expect}) => {
		const [place, clients] = [await openPlace(world()), await openPlace(world())]
		await deploy(place)
		await operator.running()
		const measured = await measure(world(), {
			place,
			clients,
			callers: "none",
			act: async () => {
				await place.profile({dataplane: sidecar, migration: quick})
				await midWave(place)
				await place.decide({target: "Previous"})
				await place.until("RolledBack", patience)
				await podsOf(place, (pod) => !isInjected(pod))
			},
		})
		const facts = {name: "4-rolled-back", title: "none → sidecar, rolled back by its owner when half done"}
		expect(report(resultOf(facts, measured))).toMatchObject({lost: 0})
	})

	test("the operator is killed in the middle of a wave", async ({expect}) => {
		const [place, clients] = [await openPlace(world()), await openPlace(world())]
		await deploy(place)
		await operator.running()
		const measured = await measure(world(), {
			place,
			clients,
			callers: "none",
			act: async () => {
				await place.profile({dataplane: sidecar, migration: quick})
				await midWave(place)
				await operator.replaced()
				await place.on("istio-sidecar", patience)
				await podsOf(place, isInjected)
			},
		})
		const facts = {name: "5-operator-killed", title: "none → sidecar, the operator killed mid-wave"}
		expect(report(resultOf(facts, measured))).toMatchObject({lost: 0})
	})

	test("an application that never gets ready behind a sidecar is moved, and brought back", async ({
		expect,
	}) => {
		const [place, clients] = [await openPlace(world()), await openPlace(world())]
		await deploy(place, {env: {UNREADY_BEHIND_PROXY: "true"}, spec: {progressDeadlineSeconds: 15}})
		await operator.running()
		const measured = await measure(world(), {
			place,
			clients,
			callers: "none",
			act: async () => {
				await place.profile({dataplane: sidecar, migration: quick})
				await place.until("RolledBack", patience)
				await podsOf(place, (pod) => !isInjected(pod))
			},
		})
		const facts = {
			name: "6-bad-application",
			title: "none → sidecar with an app that fails there: rolled back by the gate",
		}
		expect(report(resultOf(facts, measured))).toMatchObject({lost: 0})
	})
})
