import {execFile} from "node:child_process"
import {promisify} from "node:util"
import {afterAll, beforeAll, expect, test} from "vitest"
import {charts} from "../../../installer/infra/charts/chart.ts"
import {locate} from "../../../installer/infra/charts/locate.ts"
import {type BinaryName, binary} from "../../../installer/sandbox/bin/catalogue.ts"
import {resolve} from "../../../installer/sandbox/bin/resolve.ts"
import * as kinds from "../../../profiles/snapshot/kinds.ts"
import {apply} from "../../kit/apply.ts"
import {jsonOf} from "../../kit/cli.ts"
import {get} from "../../kit/open-world.ts"
import {waitFor} from "../../kit/wait.ts"
import {everyObject, heddleOn, inventory, useBareWorld} from "./bare.ts"
import {killedAfter} from "./killed.ts"

/*
 * What Helm and istioctl themselves have installed, with Istio's own charts, is seen, left alone, taken over by
 * consent, and removed. The kubelets are simulated.
 */

const world = useBareWorld()
const version = "1.31.0"
const namespace = "istio-system"
const slow = {timeout: 1_200_000}

beforeAll(async () => {
	process.env.HEDDLE_OFFLINE = "1"
	await apply(world(), {apiVersion: "v1", kind: "Namespace", metadata: {name: namespace}})
	// What Kubernetes itself puts into a namespace is nobody's residue.
	const authority = () => world().client.get(kinds.ConfigMap, "kube-root-ca.crt", namespace)
	await waitFor("the certificate authority of the namespace", authority, (seen) => seen !== undefined)
})
afterAll(async () => {
	delete process.env.HEDDLE_OFFLINE
	await world().http.request({...get(`/api/v1/namespaces/${namespace}`), method: "DELETE"})
})

const run = (...args: string[]) => heddleOn(world(), ...args)
const on = () => ["--kubeconfig", world().sandbox.kubeconfig]
const istio = ["install", "istio-sidecar", "--set", `istio-sidecar.version=${version}`]

type Report = {
	result: string
	counts: Record<string, number>
	changes: {id: string; action: string; owner?: string}[]
	diagnostics: {code: string; message: string; fix?: string}[]
}

async function program(name: BinaryName, ...args: readonly string[]): Promise<void> {
	const {path} = await resolve(binary(name), {onEvent: () => {}})
	await promisify(execFile)(path, [...args, ...on()], {maxBuffer: 64 << 20, timeout: 600_000})
}

async function byHelm(): Promise<void> {
	for (const [release, chart] of [
		["istio-base", charts.istioBase],
		["istiod", charts.istiod],
	] as const)
		await program(
			"helm",
			"install",
			release,
			await locate(chart, version, undefined),
			"--namespace",
			namespace,
		)
}

const byIstioctl = () => program("istioctl", "install", "--skip-confirmation", "--set", "profile=minimal")

const tools = [
	[
		"Helm",
		byHelm,
		/the Helm release istio-system\/(istiod|istio-base)/,
		/^Secret\/istio-system\/sh\.helm\.release/,
	],
	["istioctl", byIstioctl, /istioctl/, /^$/],
] as const

test.each(tools)(
	"Istio as %s installs it: read only first, then owned by consent, killed midway and resumed, and removed",
	slow,
	async (_name, install, owner, theirs) => {
		const before = [...(await inventory(world())).keys()]
		await install()
		const installed = await inventory(world())

		const refused = await run(...istio, "--yes", "-o", "json")
		expect(refused.code, refused.stderr).toBe(3)
		const {diagnostics} = jsonOf<Report>(refused)
		expect([...new Set(diagnostics.map(({code}) => code))]).toEqual(["OwnedByAnother"])
		expect(diagnostics.filter(({message}) => !owner.test(message))).toEqual([])

		const dry = await run(...istio, "--adopt", "--dry-run", "-o", "json")
		expect([dry.code, jsonOf<Report>(dry).result]).toEqual([0, "previewed"])
		const adopted = jsonOf<Report>(dry).changes.filter(({action}) => action === "adopt")
		expect(adopted.length).toBeGreaterThan(20)
		expect(adopted.every((one) => owner.test(one.owner ?? ""))).toBe(true)
		expect(await inventory(world())).toEqual(installed)

		for (const lines of [1, 9, 18]) await killedAfter(lines, [...istio, "--adopt", "--yes", ...on()])
		const resumed = await run(...istio, "--adopt", "--yes", "--wait-for-lock", "60s", "-o", "json")
		expect(resumed.code, resumed.stderr).toBe(0)
		const again = await run(...istio, "-o", "json")
		expect([again.code, jsonOf<Report>(again).result]).toEqual([0, "unchanged"])

		const gone = await run("uninstall", "--yes", "-o", "json")
		expect(gone.code, gone.stderr).toBe(0)
		const left = [...(await inventory(world())).keys()].filter((id) => !before.includes(id))
		expect(left.filter((id) => !theirs.test(id))).toEqual([])
		await removeAll(left)
	},
)

/** A tool's own notes, which Heddle does not read. */
async function removeAll(ids: readonly string[]): Promise<void> {
	const objects = (await everyObject(world())).filter(([id]) => ids.includes(id))
	for (const [, {metadata}] of objects)
		await world().http.request({
			...get(`/api/v1/namespaces/${metadata.namespace}/secrets/${metadata.name}`),
			method: "DELETE",
		})
}
