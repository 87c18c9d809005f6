import {setTimeout as pause} from "node:timers/promises"
import {describe, onTestFinished, test} from "vitest"
import type {FieldManager} from "../../../operator/api/names.ts"
import {clusterScoped, Job, Pod} from "../../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import type {Pod as PodShape} from "../../../profiles/snapshot/shapes.ts"
import {apply} from "../../kit/apply.ts"
import {waitFor} from "../../kit/wait.ts"
import {deployment, quick, sidecar} from "./manifests.ts"
import {conditionOf, isInjected, type Place} from "./place.ts"
import {shipped, useStage} from "./stage.ts"

/*
 * Real API server, controllers and istiod; the kubelets are simulated, so a stand-in says what curl would have said.
 * That a proxy answers so is for the node to show.
 */
const stage = useStage()

const kubelet = "stand-in-kubelet" as FieldManager
const label = "heddle.dev/probe"
const ClusterRoleBinding = clusterScoped(
	"rbac.authorization.k8s.io",
	"v1",
	"ClusterRoleBinding",
	"clusterrolebindings",
)

const serviceAccount = (place: Place, name: string): KubeObject => ({
	apiVersion: "v1",
	kind: "ServiceAccount",
	metadata: {name, namespace: place.name},
})
const service = (place: Place, name: string): KubeObject => ({
	apiVersion: "v1",
	kind: "Service",
	metadata: {name, namespace: place.name},
	...{spec: {selector: {app: name}, ports: [{name: "http", port: 80, targetPort: 8080}]}},
})
const admitWeb = (place: Place): KubeObject => ({
	apiVersion: "security.istio.io/v1",
	kind: "AuthorizationPolicy",
	metadata: {name: "admit", namespace: place.name},
	...{
		spec: {
			selector: {matchLabels: {app: "cart"}},
			rules: [{from: [{source: {principals: [`cluster.local/ns/${place.name}/sa/web`]}}]}],
		},
	},
})

async function shop(): Promise<Place> {
	const place = await stage().place()
	for (const name of ["cart", "web"]) {
		await place.apply(serviceAccount(place, name), service(place, name))
		await place.apply(deployment(name, {namespace: place.name, pod: {serviceAccountName: name}}))
	}
	await place.apply(admitWeb(place))
	await Promise.all([place.ready("cart", 2), place.ready("web", 2)])
	return place
}

const profile = (place: Place) =>
	place.profile({
		dataplane: sidecar,
		migration: {
			...quick,
			gates: {prober: {image: `registry.example/curl@sha256:${"0".repeat(64)}`}},
		},
	})

const probePods = async (place: Place) =>
	(await place.list(Pod)).filter(({metadata}) => metadata.labels?.[label] !== undefined)

type Asked = {readonly caller: string; readonly pod: PodShape}

/** For as long as the test runs each request's pod says what curl would have said, by its caller. */
function answers(place: Place, says: Readonly<Record<string, string>>): readonly Asked[] {
	const {client} = stage().world
	const asked: Asked[] = []
	const ended = new AbortController()
	onTestFinished(() => ended.abort())
	const answer = async () => {
		for (const pod of await probePods(place)) {
			const caller = pod.spec?.serviceAccountName ?? ""
			// The simulated kubelet ends it first, without a word; what is written before that it writes over.
			if (pod.status?.phase !== "Succeeded") continue
			if (asked.some((one) => one.pod.metadata.uid === pod.metadata.uid)) continue
			const state = {terminated: {exitCode: 0, message: says[caller]}}
			const probe = {name: "probe", image: "", imageID: "", ready: false, restartCount: 0, state}
			await client.applyStatus(
				{
					apiVersion: "v1",
					kind: "Pod",
					metadata: {name: pod.metadata.name, namespace: place.name},
					...{status: {phase: "Succeeded", containerStatuses: [probe]}},
				},
				{manager: kubelet, force: true},
			)
			asked.push({caller, pod})
		}
	}
	const go = async () => {
		while (!ended.signal.aborted) {
			// A pod that has just gone is nobody's to answer for.
			await answer().catch(() => undefined)
			await pause(200)
		}
	}
	void go()
	return asked
}

const enforcement = async (place: Place) => conditionOf(await place.binding(), "EnforcementVerified")

describe("policies are proven by requests, on simulated kubelets that say what they are told", () => {
	test("not without the role for it: the condition says which right is missing", async ({expect}) => {
		const [role, binding] = shipped("optional/prober.yaml")
		if (role === undefined || binding === undefined) throw new Error("the role is not shipped")
		// A sandbox that was kept has it from the last run.
		await stage().world.client.delete(ClusterRoleBinding, binding.metadata.name)
		const place = await shop()
		await profile(place)
		const {message} = await place.until("Forbidden", {timeoutMs: 60_000})
		expect(message).toMatch(/jobs\.batch/)
		expect((await place.ready("cart", 2)).every(isInjected)).toBe(true)
		for (const object of [role, binding]) await apply(stage().world, object)
		const asked = answers(place, {web: "200 0", cart: "403 0"})
		await place.on("istio-sidecar", {timeoutMs: 60_000})
		expect(await enforcement(place)).toMatchObject({
			status: "True",
			message: "2 requests were answered as a policy says",
		})
		expect([...new Set(asked.map(({caller}) => caller))].sort()).toEqual(["cart", "web"])
		for (const {pod} of asked) {
			// As its caller: injected by the real istiod, and no endpoint of any Service.
			expect(isInjected(pod)).toBe(true)
			expect(pod.metadata.labels).not.toHaveProperty("app")
		}
		await waitFor(
			"the requests' Jobs to be gone",
			() => place.list(Job),
			(jobs) => jobs.length === 0,
		)
	})

	test("a request that comes through where it is to be refused takes the migration back", async ({
		expect,
	}) => {
		const place = await shop()
		await profile(place)
		answers(place, {web: "200 0", cart: "200 0"})
		const {message} = await place.until("RolledBack", {timeoutMs: 90_000})
		expect(message).toMatch(
			/GET http:\/\/cart\.\S+ as \S+\/cart: 200, which AuthorizationPolicy\/\S+ refuses/,
		)
		expect((await place.ready("cart", 2)).some(isInjected)).toBe(false)
	})

	test("without an answer nothing is proven, and it holds", async ({expect}) => {
		const place = await shop()
		await profile(place)
		answers(place, {web: "200 0", cart: "000 7"})
		await waitFor(
			"the hold to say why",
			async () => conditionOf(await place.binding(), "Ready"),
			(condition) =>
				condition?.reason === "Holding" &&
				/no proof: .*curl ended with 7 and no answer/.test(condition.message),
			{timeoutMs: 60_000},
		)
		expect((await enforcement(place))?.status).toBe("Unknown")
		expect((await place.ready("cart", 2)).every(isInjected)).toBe(true)
	})
})
