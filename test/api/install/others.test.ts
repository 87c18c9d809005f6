import {expect, onTestFinished, test} from "vitest"
import {applySetOf, home} from "../../../installer/engine/manifests/apply-set.ts"
import * as kinds from "../../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import {apply} from "../../kit/apply.ts"
import {jsonOf} from "../../kit/cli.ts"
import {get} from "../../kit/open-world.ts"
import {waitFor} from "../../kit/wait.ts"
import {heddleOn, useBareWorld} from "./bare.ts"
import {enrolledPod, removeEnrolledPod} from "./enrolled-pod.ts"

const world = useBareWorld()
const run = (...args: string[]) => heddleOn(world(), ...args)
const wasm = ["wasm-runtime", "-o", "json"]

type Report = {result: string; diagnostics: {code: string; message: string; fix?: string}[]}
const codes = (report: Report) => [...new Set(report.diagnostics.map(({code}) => code))]

const runtimeClass = (metadata: object): KubeObject => ({
	apiVersion: "node.k8s.io/v1",
	kind: "RuntimeClass",
	metadata: {name: "wasmedge", ...metadata},
	...{handler: "wasmedge"},
})

async function leaveNothing(): Promise<void> {
	const gone = await run("uninstall", "--yes")
	expect(gone.code, gone.stderr).toBe(0)
}

const tools = [
	[
		"Helm",
		{annotations: {"meta.helm.sh/release-name": "wasm", "meta.helm.sh/release-namespace": "infra"}},
		"infra/wasm",
	],
	["somebody with kubectl", {}, "kubectl"],
] as const

test.each(tools)(
	"what %s installed is refused, shown by a dry run, and taken over by consent",
	{
		timeout: 300_000,
	},
	async (_tool, metadata, named) => {
		await apply(world(), runtimeClass(metadata))
		const refused = await run("install", ...wasm, "--yes")
		expect(refused.code).toBe(3)
		expect(codes(jsonOf<Report>(refused))).toEqual(["OwnedByAnother"])
		expect(refused.stdout).toContain(named)
		const dry = await run("install", ...wasm, "--adopt", "--dry-run")
		expect([dry.code, jsonOf<Report>(dry).result]).toEqual([0, "previewed"])
		const adopted = await run("install", ...wasm, "--adopt", "--yes")
		expect([adopted.code, codes(jsonOf<Report>(adopted))]).toEqual([0, ["Adopted"]])
		const again = await run("install", ...wasm)
		expect([again.code, jsonOf<Report>(again).result]).toEqual([0, "unchanged"])
		await leaveNothing()
	},
)

test("what Argo CD reconciles is refused, with consent too", {timeout: 300_000}, async () => {
	const annotations = {"argocd.argoproj.io/tracking-id": "wasm:node.k8s.io/RuntimeClass:/wasmedge"}
	await apply(world(), runtimeClass({annotations}))
	onTestFinished(async () => {
		await world().http.request({...get("/apis/node.k8s.io/v1/runtimeclasses/wasmedge"), method: "DELETE"})
	})
	const refused = await run("install", ...wasm, "--adopt", "--yes")
	expect(refused.code).toBe(3)
	expect(codes(jsonOf<Report>(refused))).toEqual(["OwnedByReconciler"])
})

test("while another install holds the lock this one refuses; two at once end as one", {
	timeout: 300_000,
}, async () => {
	await apply(world(), {apiVersion: "v1", kind: "Namespace", metadata: {name: home}})
	const lease = applySetOf("heddle").name
	const holder = (holderIdentity: string): KubeObject => ({
		apiVersion: "coordination.k8s.io/v1",
		kind: "Lease",
		metadata: {name: lease, namespace: home},
		...{
			spec: {
				holderIdentity,
				leaseDurationSeconds: 3600,
				renewTime: new Date().toISOString().replace("Z", "000Z"),
			},
		},
	})
	await apply(world(), holder("somebody_1234"))
	const refused = await run("install", ...wasm, "--yes", "--wait-for-lock", "1s")
	expect(refused.code).toBe(3)
	expect(refused.stdout).toContain("somebody_1234")
	await apply(world(), holder(""))
	const both = await Promise.all([run("install", ...wasm, "--yes"), run("install", ...wasm, "--yes")])
	expect(
		both.map(({code}) => code),
		both.map(({stderr}) => stderr).join(),
	).toEqual([0, 0])
	const settled = await run("install", ...wasm)
	expect(jsonOf<Report>(settled).result).toBe("unchanged")
	await leaveNothing()
	const Lease = kinds.namespaced("coordination.k8s.io", "v1", "Lease", "leases")
	expect(await world().client.get(Lease, lease, home)).toBeUndefined()
	await world().http.request({...get(`/api/v1/namespaces/${home}`), method: "DELETE"})
	const ending = () => world().client.get(kinds.Namespace, home)
	await waitFor(`the end of ${home}`, ending, (seen) => seen === undefined, {timeoutMs: 60_000})
})

test("an uninstall refuses while a pod (a stand-in with a sidecar's marks) needs istiod, and while objects would be lost", {
	timeout: 900_000,
}, async () => {
	const istio = [
		"gateway-api",
		"istio-sidecar",
		"--set",
		"gateway-api.version=1.6.0",
		"--set",
		"istio-sidecar.version=1.31.0",
	]
	const installed = await run("install", ...istio, "--yes")
	expect(installed.code, installed.stderr).toBe(0)
	await apply(world(), enrolledPod("default"))
	await apply(world(), gatewayClass)
	const refused = await run("uninstall", "--yes", "-o", "json")
	expect(refused.code).toBe(3)
	expect(codes(jsonOf<Report>(refused)).sort()).toEqual(["ObjectsWouldBeLost", "PodsEnrolled"])
	await removeEnrolledPod(world())
	const kept = await run("uninstall", "--yes", "--keep-crds", "-o", "json")
	expect(kept.code, kept.stderr).toBe(0)
	expect(codes(jsonOf<Report>(kept))).toEqual(["CRDKept"])
	const stays = (await world().http.request(
		get("/apis/gateway.networking.k8s.io/v1/gatewayclasses/foreign"),
	)) as KubeObject
	expect(stays.metadata.name).toBe("foreign")
	await world().http.request({
		...get(
			"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gatewayclasses.gateway.networking.k8s.io",
		),
		method: "DELETE",
	})
})

const gatewayClass: KubeObject = {
	apiVersion: "gateway.networking.k8s.io/v1",
	kind: "GatewayClass",
	metadata: {name: "foreign"},
	...{spec: {controllerName: "example.com/controller"}},
}
