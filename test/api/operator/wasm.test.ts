import {beforeAll, describe, test} from "vitest"
import {TrafficExtension} from "../../../profiles/apis/istio/kinds.ts"
import {Deployment, Pod} from "../../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import type {Custom} from "../../../profiles/snapshot/shapes.ts"
import {apply} from "../../kit/apply.ts"
import {waitFor} from "../../kit/wait.ts"
import {deployment, quick} from "./manifests.ts"
import {isInjected, type Place, type ProfileChoice} from "./place.ts"
import {shipped, useStage} from "./stage.ts"

const stage = useStage()
beforeAll(async () => {
	for (const object of shipped("optional/canaries.yaml")) await apply(stage().world, object)
})

const name = "heddle-sidecar-token"
const migration = {...quick, accept: ["ExtensionNotProved", "ExtensionNotMeasured"]}
const wasm = (config: Readonly<Record<string, unknown>>): ProfileChoice => ({
	dataplane: {mode: "Wasm", provider: "istio-sidecar"},
	migration,
	extensions: [
		{
			name: "token",
			url: "oci://registry.example/token:1",
			sha256: "0".repeat(64),
			phase: "Authn",
			config,
		},
	],
})

/** What was ever seen of a copy, while the operator was at work. */
function watched(place: Place) {
	const seen: string[] = []
	const look = async () => {
		const [copy, brought] = [
			await place.get(Deployment, "web-heddle-canary"),
			await place.get(TrafficExtension, name),
		]
		const line = `${copy === undefined ? "no copy" : "copy"}, ${configOf(brought)}`
		if (seen.at(-1) !== line) seen.push(line)
	}
	return {seen, look}
}

const configOf = (object: KubeObject | undefined): string =>
	object === undefined
		? "nowhere"
		: JSON.stringify(((object as Custom).spec?.wasm as {pluginConfig?: object} | undefined)?.pluginConfig)

/** The kubelets are simulated: whether a proxy can fetch the module shows on a real node only. */
describe("a namespace in mode Wasm, with Istio's real CRDs and istiod", () => {
	test("its pods move, a copy has the module first, then all have it, and it leaves again", async ({
		expect,
	}) => {
		const place = await stage().place({team: "web"})
		await place.apply(deployment("web", {namespace: place.name}))
		await place.ready("web", 2)
		await place.profile({...wasm({strict: true}), migration: quick})
		await place.until("NeedsAcceptance")
		expect(await place.get(TrafficExtension, name)).toBeUndefined()

		await place.profile(wasm({strict: true}))
		await place.on("istio-sidecar")
		const brought = await place.get(TrafficExtension, name)
		expect(brought?.spec).toEqual({
			match: [{mode: "SERVER"}],
			phase: "AUTHN",
			priority: 1000,
			wasm: {
				url: "oci://registry.example/token:1",
				sha256: "0".repeat(64),
				failStrategy: "FAIL_CLOSE",
				pluginConfig: {strict: true},
			},
		})
		const pods = await place.pods("web")
		expect(pods.every(isInjected)).toBe(true)
		expect((await place.binding())?.status?.history?.map(({id, state}) => `${id} ${state}`)).toEqual([
			"m2 Succeeded",
			"m1 Succeeded",
		])
		expect(await place.list(TrafficExtension)).toHaveLength(1)
		expect((await place.list(Deployment)).map(({metadata}) => metadata.name)).toEqual(["web"])

		const {seen, look} = watched(place)
		await place.profile(wasm({strict: false}))
		await waitFor(
			"the change to come to a copy, and then to all",
			look,
			() => seen.at(-1) === 'no copy, {"strict":false}',
			{everyMs: 20},
		)
		expect(seen).toContain('copy, {"strict":true}')
		expect(seen.filter((line) => line === 'copy, {"strict":false}')).toEqual([])
		await place.on("istio-sidecar")
		const uids = (all: readonly KubeObject[]) => all.map(({metadata}) => metadata.uid).sort()
		expect(
			uids((await place.list(Pod)).filter(({metadata}) => metadata.deletionTimestamp === undefined)),
		).toEqual(expect.arrayContaining(uids(pods)))

		await place.decide({target: "Previous"})
		await place.until("RolledBack")
		expect(configOf(await place.get(TrafficExtension, name))).toBe('{"strict":true}')

		await place.profile({dataplane: {mode: "None"}, migration})
		await place.decide({target: "Desired"})
		await place.on("none")
		expect(await place.list(TrafficExtension)).toEqual([])
		expect((await place.pods("web")).some(isInjected)).toBe(false)
	})
})
