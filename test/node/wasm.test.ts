import {mkdtemp, readFile, rm} from "node:fs/promises"
import {tmpdir} from "node:os"
import {join} from "node:path"
import {beforeAll, describe, test} from "vitest"
import type {MeshProfileExtension} from "../../crds/generated.ts"
import {query} from "../../operator/prometheus/query.ts"
import {TrafficExtension} from "../../profiles/apis/istio/kinds.ts"
import {Deployment, Pod} from "../../profiles/snapshot/kinds.ts"
import type {Custom} from "../../profiles/snapshot/shapes.ts"
import {sidecar} from "../api/operator/manifests.ts"
import {isInjected, isReady, type Place} from "../api/operator/place.ts"
import {waitFor} from "../kit/wait.ts"
import {buildExamples} from "../wasm/examples.ts"
import {measure, openPlace} from "./course.ts"
import {useNode} from "./node.ts"
import {type ModuleImage, moduleImage, rebuilt, registry} from "./registry.ts"
import {report, resultOf} from "./results.ts"
import {caseMs, deploy, patience, podsOf, settled, useOperator} from "./scene.ts"

/*
 * Modules in real sidecars, had by Istio's own agents from a registry in the node, and tried by Heddle on a copy before
 * they come to all: gated on what real agents, proxies and requests tell a real Prometheus.
 */
const world = useNode()
const operator = useOperator(world)

let images: {first: ModuleImage; second: ModuleImage; strict: ModuleImage}

beforeAll(async () => {
	const folder = await mkdtemp(join(tmpdir(), "heddle-node-wasm-"))
	try {
		await buildExamples(folder)
		const audit = await readFile(join(folder, "header-audit.wasm"))
		const check = await readFile(join(folder, "token-check.wasm"))
		images = {
			first: moduleImage("audit", "1", audit),
			second: moduleImage("audit", "2", rebuilt(audit, "second")),
			strict: moduleImage("audit", "3", check),
		}
	} finally {
		await rm(folder, {recursive: true, force: true})
	}
}, 120_000)

type Scene = {place: Place; clients: Place; store: Place}

/** An application in sidecars, callers in the mesh, and a registry that the agents reach by plain HTTP. */
async function onSidecars(): Promise<Scene> {
	const store = await openPlace(world())
	const [place, clients] = [
		await openPlace(world(), {"istio-injection": "enabled"}),
		await openPlace(world()),
	]
	await store.apply(...registry(store.name, Object.values(images)))
	await waitFor(
		"the registry",
		() => store.list(Pod),
		(pods) => pods.length === 1 && pods.every(isReady),
		patience,
	)
	await deploy(place)
	const annotations = {
		"proxy.istio.io/config": JSON.stringify({proxyMetadata: {WASM_INSECURE_REGISTRIES: "*"}}),
	}
	await place.patch(Deployment, "app", {spec: {template: {metadata: {annotations}}}})
	await podsOf(
		place,
		(pod) => isInjected(pod) && pod.metadata.annotations?.["proxy.istio.io/config"] !== undefined,
	)
	await operator.running()
	return {place, clients, store}
}

const extension = (
	{store}: Scene,
	tag: number,
	{digest}: ModuleImage,
	config: object,
): MeshProfileExtension => ({
	name: "audit",
	url: `oci://registry.${store.name}:5000/team/audit:${tag}`,
	sha256: digest,
	failurePolicy: "Fail",
	config: {...config},
})

const profile = (extensions: readonly MeshProfileExtension[]) => ({
	dataplane: extensions.length === 0 ? sidecar : {mode: "Wasm", provider: "istio-sidecar"},
	extensions,
	migration: {
		waves: {soak: "10s"},
		gates: {
			successRate: {minPercent: 99.9, minRequests: 200},
			prometheus: {address: world().sandbox.prometheus ?? ""},
		},
		accept: ["ExtensionNotProved"],
	},
})

const headers = {headers: ["x-user"]}
const name = "heddle-sidecar-audit"
const runs = async (place: Place): Promise<unknown> => {
	const found = (await place.get(TrafficExtension, name)) as Custom | undefined
	return (found?.spec?.wasm as {sha256?: string} | undefined)?.sha256
}
/** What the module itself has counted, in all proxies of the namespace. */
const audited = (place: Place) =>
	query(
		world().sandbox.prometheus ?? "",
		`sum({__name__=~".*header_audit_missing",namespace="${place.name}"})`,
	)

describe("modules in sidecars", {timeout: caseMs * 2}, () => {
	test("come, change and go while requests pass, and no pod is replaced", async ({expect}) => {
		const scene = await onSidecars()
		const {place, clients} = scene
		const before = (await place.pods("app")).map(({metadata}) => metadata.uid).sort()
		let counted: number | undefined
		const measured = await measure(world(), {
			place,
			clients,
			callers: "sidecar",
			act: async (more) => {
				await place.profile(profile([extension(scene, 1, images.first, headers)]))
				await settled(place)
				expect(await runs(place)).toBe(images.first.digest)
				await more(500)
				counted = await audited(place)
				await place.profile(profile([extension(scene, 2, images.second, headers)]))
				await settled(place)
				expect(await runs(place)).toBe(images.second.digest)
				await place.profile(profile([]))
				await settled(place)
			},
		})
		const after = (await place.pods("app"))
			.filter(({metadata}) => metadata.deletionTimestamp === undefined)
			.map(({metadata}) => metadata.uid)
			.sort()
		const facts = {
			name: "10-wasm",
			title:
				"sidecar → Wasm-extended → another digest → sidecar, each tried on a copy first, callers with a sidecar",
		}
		expect(report(resultOf(facts, measured))).toMatchObject({lost: 0})
		expect(after).toEqual(before)
		expect(counted).toBeGreaterThan(0)
		expect(await runs(place)).toBeUndefined()
	})

	test("that refuse everybody are caught on the copy, and the digest before stays", async ({expect}) => {
		const scene = await onSidecars()
		const {place, clients} = scene
		await place.profile(profile([extension(scene, 1, images.first, headers)]))
		const measured = await measure(world(), {
			place,
			clients,
			callers: "sidecar",
			act: async () => {
				await settled(place)
				const refuses = {sha256: ["0".repeat(64)]}
				await place.profile(profile([extension(scene, 3, images.strict, refuses)]))
				await place.until("RolledBack", patience)
			},
		})
		const facts = {
			name: "11-wasm-bad-module",
			title: "a module that answers everybody with 401: caught on its copy, rolled back by the gate",
			note: "what is lost are the answers of 401 of the copy, until the gate has judged",
		}
		const result = report(resultOf(facts, measured))
		expect(Object.keys(result.outcomes).sort()).toEqual(["200", "401"])
		expect(result.lost).toBeLessThan(result.requests * 0.2)
		expect(await runs(place)).toBe(images.first.digest)
		expect(await place.list(TrafficExtension)).toHaveLength(1)
	})

	test("that cannot be had never come to the pods that serve", async ({expect}) => {
		const scene = await onSidecars()
		const {place, clients} = scene
		const measured = await measure(world(), {
			place,
			clients,
			callers: "sidecar",
			act: async () => {
				const gone = {...images.first, digest: "0".repeat(64)}
				await place.profile(profile([extension(scene, 9, gone, headers)]))
				await place.until("RolledBack", patience)
			},
		})
		const facts = {
			name: "12-wasm-missing-module",
			title: "a module that is in no registry: caught on its copy, rolled back by the gate",
			note: "what is lost are the copy's answers of 403: Istio's agent puts a filter in its place that denies all",
		}
		const result = report(resultOf(facts, measured))
		expect(Object.keys(result.outcomes).filter((outcome) => !["200", "403"].includes(outcome))).toEqual([])
		expect(await place.list(TrafficExtension)).toEqual([])
		const message = (await place.binding())?.status?.migration?.message ?? ""
		expect(message).toContain("an agent could not have the module")
	})
})
