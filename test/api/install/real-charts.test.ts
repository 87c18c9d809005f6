import {existsSync} from "node:fs"
import {expect, onTestFinished, test} from "vitest"
import * as kinds from "../../../profiles/snapshot/kinds.ts"
import {apply} from "../../kit/apply.ts"
import {heddle, jsonOf} from "../../kit/cli.ts"
import {inventory, useBareWorld} from "./bare.ts"
import {withCertificates} from "./certificates.ts"

/*
 * Every component with its project's own charts on a real API server: all objects are accepted, CRDs are Established,
 * a second run has nothing to write, and nothing is left but what an owner's data are. The kubelets are simulated, so no program of any of them runs.
 */

const world = useBareWorld()
const more = process.env.HEDDLE_TEST_CHARTS
const noModule =
	more !== undefined && existsSync(more)
		? undefined
		: "no HEDDLE_TEST_CHARTS: no Go module carries these charts"

type Report = {result: string; counts: Record<string, number>}

const anchors = "linkerd.trustAnchorsPEM=-----BEGIN CERTIFICATE-----"
const cases: readonly [string, readonly string[], readonly string[]][] = [
	["Istio's ambient", ["gateway-api", "istio-ambient"], ["--set", "istio-ambient.version=1.31.0"]],
	["Cilium", ["gateway-api", "cilium"], ["--set", "cilium.apiServerHost=10.0.0.1"]],
	["Envoy Gateway", ["gateway-api", "envoy-gateway"], []],
	["Dapr", ["dapr"], []],
	["Linkerd", ["linkerd"], ["--set", anchors, "--chart-dir", more ?? ""]],
	["Kmesh", ["kmesh"], ["--chart-dir", more ?? ""]],
]

test.for(cases)(
	"%s: accepted, unchanged by a second run, and gone without a trace",
	{
		timeout: 1_200_000,
	},
	async ([, components, settings], {skip}) => {
		const own = settings.includes("--chart-dir")
		if (own && noModule !== undefined) return skip(noModule)
		if (components.includes("linkerd")) await withCertificates(world())
		if (components.includes("kmesh")) await withIstiosKinds()
		if (components.includes("dapr")) await withVolumes()
		const run = (...args: readonly string[]) =>
			heddle([...args, "-o", "json", "--kubeconfig", world().sandbox.kubeconfig], {
				env: {HEDDLE_OFFLINE: "1"},
				timeoutMs: 900_000,
			})
		onTestFinished(async () => void (await run("uninstall", "--yes")))
		const before = [...(await inventory(world())).keys()]
		const install = ["install", ...components, ...settings]

		const first = await run(...install, "--yes")
		expect(first.code, first.stdout + first.stderr).toBe(0)
		const installed = await inventory(world())
		const again = await run(...install)
		expect([again.code, jsonOf<Report>(again).result], again.stdout).toEqual([0, "unchanged"])
		expect(await inventory(world())).toEqual(installed)
		const gone = await run("uninstall", "--yes")
		expect(gone.code, gone.stdout + gone.stderr).toBe(0)
		const left = [...(await inventory(world())).keys()].filter((id) => !before.includes(id))
		if (components.includes("dapr")) return dataStays(left)
		expect(left).toEqual([])
	},
)

/** What Dapr has stored is its owner's: the claims stay, and so does the namespace in which they are. */
async function dataStays(left: readonly string[]): Promise<void> {
	onTestFinished(async () => {
		await world().client.delete(kinds.Namespace, "dapr-system")
	})
	expect(left.filter((id) => id.startsWith("PersistentVolumeClaim/dapr-system/"))).toHaveLength(6)
	const others = left.filter((id) => !id.startsWith("PersistentVolumeClaim/"))
	expect(others.toSorted()).toEqual([
		"ConfigMap/dapr-system/kube-root-ca.crt",
		"Namespace/dapr-system",
		"ServiceAccount/dapr-system/default",
	])
}

/** Kmesh's chart brings EnvoyFilters: their kind is Istio's, which a cluster with Kmesh has. */
async function withIstiosKinds(): Promise<void> {
	const base = await heddle(
		[
			"install",
			"istio-sidecar",
			"--set",
			"istio-sidecar.version=1.31.0",
			"--release",
			"istio",
			"--yes",
			"--kubeconfig",
			world().sandbox.kubeconfig,
		],
		{env: {HEDDLE_OFFLINE: "1"}, timeoutMs: 900_000},
	)
	expect(base.code, base.stderr).toBe(0)
	onTestFinished(async () => {
		await heddle(["uninstall", "--release", "istio", "--yes", "--kubeconfig", world().sandbox.kubeconfig], {
			timeoutMs: 900_000,
		})
	})
}

/** A stand-in for a provisioner of storage: Dapr keeps two logs, in three copies each. */
async function withVolumes(): Promise<void> {
	const volumes = Array.from({length: 6}, (_, index) => ({
		apiVersion: "v1",
		kind: "PersistentVolume",
		metadata: {name: `heddle-stand-in-${index}`},
		...{
			spec: {
				capacity: {storage: "16Gi"},
				accessModes: ["ReadWriteOnce"],
				persistentVolumeReclaimPolicy: "Retain",
				hostPath: {path: "/nowhere"},
			},
		},
	}))
	for (const volume of volumes) await apply(world(), volume)
	const kind = kinds.clusterScoped("", "v1", "PersistentVolume", "persistentvolumes")
	onTestFinished(async () => {
		for (const {metadata} of volumes) await world().client.delete(kind, metadata.name)
	})
}
