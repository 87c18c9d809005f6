import {writeFileSync} from "node:fs"
import {join} from "node:path"
import {expect, onTestFinished, test} from "vitest"
import {partOf} from "../../../installer/engine/manifests/apply-set.ts"
import {fieldManagers} from "../../../operator/api/names.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import {heddle, jsonOf} from "../../kit/cli.ts"
import {hasPulumi, needPulumi, pulumiEnv} from "../../kit/pulumi.ts"
import {standInCharts} from "../../kit/stand-in-charts.ts"
import {freshFolder} from "../cli/folder.ts"
import {everyObject, useBareWorld} from "./bare.ts"
import {withCertificates} from "./certificates.ts"

/*
 * Both engines install the same components into the same API server, one after the other. What each of them stated, by
 * the API server's own record of it, and what the API server made of it, has to be the same.
 */

const world = useBareWorld(hasPulumi)
needPulumi()

type Report = {changes: {id: string}[]}

const profile = `apiVersion: heddle.dev/v1alpha1
kind: MeshProfile
metadata: {name: payments}
spec: {namespaceSelector: {matchLabels: {team: payments}}, dataplane: {mode: Sidecar}}
`

const sets = (...settings: readonly string[]) => settings.flatMap((setting) => ["--set", setting])
const anchors = "linkerd.trustAnchorsPEM=-----BEGIN CERTIFICATE-----"

/** Together they are all components; those that no cluster can have at once are apart. */
const installations: readonly [string, readonly string[], readonly string[]][] = [
	[
		"GatewayApi, IstioAmbient, IstioSidecar, EnvoyGateway, Dapr, WasmRuntime, HeddleOperator, MeshProfile",
		["gateway-api", "istio-ambient", "istio-sidecar", "envoy-gateway", "dapr", "wasm-runtime", "operator"],
		sets("istio-ambient.version=1.31.0", "istio-ambient.revision=b", "istio-sidecar.version=1.31.0"),
	],
	["Cilium", ["gateway-api", "cilium"], sets("cilium.apiServerHost=10.0.0.1")],
	["Linkerd and Kmesh (stand-ins for their charts)", ["linkerd", "kmesh"], sets(anchors)],
]

test.each(installations)(
	"both engines make the same of %s",
	{timeout: 1_800_000},
	async (name, components, more) => {
		const env = pulumiEnv()
		await withCertificates(world())
		const file = join(freshFolder(), "profile.yaml")
		writeFileSync(file, profile)
		const stand = name.includes("stand-ins")
			? [
					"--chart-dir",
					standInCharts({
						"linkerd-crds": "2026.8.3",
						"linkerd-control-plane": "2026.8.3",
						"kmesh-helm": "v1.2.0",
					}),
				]
			: []
		const profiles = components.includes("operator") ? ["--profile", file] : []
		const on = ["--kubeconfig", world().sandbox.kubeconfig]
		const run = async (engine: string, ...args: readonly string[]) => {
			const done = await heddle([...args, "--engine", engine, ...on], {env, timeoutMs: 1_200_000})
			expect(done.code, done.stderr).toBe(0)
			return done
		}
		const made = async (engine: string, manager: RegExp) => {
			onTestFinished(
				async () =>
					void (await heddle(["uninstall", "--yes", "--engine", engine, ...on], {env, timeoutMs: 600_000})),
			)
			const installed = await run(
				engine,
				"install",
				...components,
				...more,
				...profiles,
				...stand,
				"--yes",
				"-o",
				"json",
			)
			const ids = new Set(jsonOf<Report>(installed).changes.map(({id}) => id))
			const objects = (await everyObject(world())).filter(([id]) => ids.has(id))
			await run(engine, "uninstall", "--yes")
			return new Map(objects.map(([id, object]) => [id, comparable(object, manager)]))
		}
		const byManifests = await made("manifests", new RegExp(`^${fieldManagers.installer}$`))
		const byPulumi = await made("pulumi", /^pulumi-/)
		// The one keeps its record in a namespace, the other in a state of its own.
		if (!components.includes("operator")) byManifests.delete("Namespace/heddle-system")
		expect([...byPulumi.keys()].sort()).toEqual([...byManifests.keys()].sort())
		for (const [id, object] of byManifests) expect(byPulumi.get(id), id).toEqual(object)
	},
)

type Managed = {readonly manager: string; readonly operation: string; readonly fieldsV1: object}

/** What the engine stated, and the object without what is of one moment, or of one engine's own book-keeping. */
function comparable(object: KubeObject, manager: RegExp): unknown {
	const entry = (object.metadata.managedFields as readonly Managed[]).find(
		({manager: name, operation}) => operation === "Apply" && manager.test(name),
	)
	const {metadata, status: _status, ...rest} = object as KubeObject & {status?: unknown}
	const {name, namespace, labels, annotations} = metadata
	return clean({stated: entry?.fieldsV1, metadata: {name, namespace, labels, annotations}, ...rest})
}

const ofOneMoment = new Set([
	partOf,
	`f:${partOf}`,
	"clusterIP",
	"clusterIPs",
	"nodePort",
	"healthCheckNodePort",
	"controller-uid",
	"batch.kubernetes.io/controller-uid",
	"deployment.kubernetes.io/revision",
	"deprecated.daemonset.template.generation",
])
const isOwn = (key: string) => ofOneMoment.has(key) || /^(f:)?pulumi\.com\//.test(key)

function clean(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(clean)
	if (typeof value !== "object" || value === null) return value
	const entries = Object.entries(value)
		.filter(([key]) => !isOwn(key))
		.map(([key, inner]) => [key, clean(inner)] as const)
		// A map of labels or annotations that held nothing else is not there for the other.
		.filter(([, inner]) => inner !== undefined && !isEmpty(inner))
	return Object.fromEntries(entries)
}

const isEmpty = (value: unknown) =>
	typeof value === "object" && value !== null && Object.keys(value).length === 0
