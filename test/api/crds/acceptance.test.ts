import {beforeAll, expect, test} from "vitest"
import type {MeshBinding, MeshProfile} from "../../../crds/generated.ts"
import {installCrds, tryCreate} from "../../kit/apply.ts"
import {freshNamespace, useWorld} from "../../kit/sandbox.ts"
import {profile} from "../../kit/shop.ts"

const world = useWorld()
beforeAll(() => installCrds(world()))

const namespaceSelector = {matchLabels: {team: "payments"}}

async function accepted(spec: object): Promise<MeshProfile> {
	return (await tryCreate(world(), profile("good", spec))) as MeshProfile
}

test("the least profile is filled in with the defaults of the contract", async () => {
	const {spec} = await accepted({namespaceSelector, dataplane: {mode: "Auto"}})
	expect(spec).toEqual({
		namespaceSelector,
		priority: 0,
		dataplane: {mode: "Auto"},
		migration: {
			approval: "Automatic",
			waves: {maxConcurrentWorkloads: 1, soak: "60s"},
			onFailure: "RollBack",
		},
		deletionPolicy: "Retain",
		paused: false,
	})
})

const providers = {
	Sidecar: ["istio-sidecar", "linkerd", "mosn"],
	Sidecarless: ["istio-ambient", "cilium", "gke-dataplane-v2", "gke-ambient", "kmesh"],
} as const

test.for(Object.entries(providers).flatMap(([mode, names]) => names.map((provider) => ({mode, provider}))))(
	"$provider is a provider of mode $mode",
	async ({mode, provider}) => {
		const {spec} = await accepted({namespaceSelector, dataplane: {mode, provider, revision: "1-31-1"}})
		expect(spec.dataplane).toEqual({mode, provider, revision: "1-31-1"})
	},
)

test("an extension with a digest is tried first, runs in phase Unspecified and fails closed, its configuration left as it is", async () => {
	const extension = {
		name: "audit",
		url: "oci://registry.example/acme/audit:1.4.0",
		sha256: "ab".repeat(32),
		config: {any: [{thing: true}]},
	}
	const {spec} = await accepted({namespaceSelector, dataplane: {mode: "Wasm"}, extensions: [extension]})
	const defaults = {phase: "Unspecified", failurePolicy: "Fail", rollout: "Canary"}
	expect(spec.extensions).toEqual([{...extension, ...defaults}])
})

test("a MeshBinding named mesh starts out going where the profile says", async () => {
	const namespace = await freshNamespace(world())
	const binding = {
		apiVersion: "heddle.dev/v1alpha1",
		kind: "MeshBinding",
		metadata: {name: "mesh", namespace},
	}
	const stored = (await tryCreate(world(), binding)) as MeshBinding
	expect(stored.spec).toEqual({hold: false, target: "Desired"})
})
