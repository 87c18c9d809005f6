import {describe, test} from "vitest"
import {TrafficExtension} from "../../../profiles/apis/istio/kinds.ts"
import {Pod} from "../../../profiles/snapshot/kinds.ts"
import {waitFor} from "../../kit/wait.ts"
import {deployment, quick} from "./manifests.ts"
import {isInjected, type ProfileChoice} from "./place.ts"
import {useStage} from "./stage.ts"

const stage = useStage()

const name = "heddle-sidecar-token"
const migration = {...quick, accept: ["ExtensionNotProved"]}
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

/** The kubelets are simulated: whether a proxy can fetch the module shows on a real node only. */
describe("a namespace in mode Wasm, with Istio's real CRDs and istiod", () => {
	test("has its extension before its pods, follows the profile's changes, and leaves it again", async ({
		expect,
	}) => {
		const place = await stage().place({team: "web"})
		await place.apply(deployment("web", {namespace: place.name}))
		await place.ready("web", 2)
		await place.profile({...wasm({header: "x-token", strict: true}), migration: quick})
		await place.until("NeedsAcceptance")
		expect(await place.get(TrafficExtension, name)).toBeUndefined()

		await place.profile(wasm({header: "x-token", strict: true}))
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
				pluginConfig: {header: "x-token", strict: true},
			},
		})
		const pods = await place.pods("web")
		expect(pods.every(isInjected)).toBe(true)
		const created = brought?.metadata.creationTimestamp ?? ""
		expect(pods.filter(({metadata}) => (metadata.creationTimestamp ?? "") < created)).toEqual([])

		await place.profile(wasm({header: "x-token"}))
		await waitFor(
			"what the profile no longer configures to go",
			() => place.get(TrafficExtension, name),
			(seen) => JSON.stringify(seen?.spec?.wasm).includes("strict") === false,
		)
		expect((await place.list(Pod)).map(({metadata}) => metadata.uid).sort()).toEqual(
			pods.map(({metadata}) => metadata.uid).sort(),
		)

		await place.profile(wasm({header: "x-token", extra: "later"}))
		await waitFor(
			"what the profile adds to be there",
			() => place.get(TrafficExtension, name),
			(seen) => JSON.stringify(seen?.spec?.wasm).includes("later"),
		)
		await place.on("istio-sidecar")
		await place.decide({target: "Previous"})
		await place.until("RolledBack")
		expect((await place.get(TrafficExtension, name))?.spec).toMatchObject({
			wasm: {pluginConfig: {header: "x-token"}},
		})
		expect(JSON.stringify(await place.get(TrafficExtension, name))).not.toContain("later")

		await place.profile({dataplane: {mode: "None"}, migration})
		await place.decide({target: "Desired"})
		await place.on("none")
		expect(await place.list(TrafficExtension)).toEqual([])
		expect((await place.pods("web")).some(isInjected)).toBe(false)
	})
})
