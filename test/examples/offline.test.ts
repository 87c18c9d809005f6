import {spawnSync} from "node:child_process"
import {mkdtempSync, readFileSync, rmSync} from "node:fs"
import {tmpdir} from "node:os"
import {join, resolve} from "node:path"
import {afterAll, expect, test} from "vitest"
import {parse, parseAllDocuments, stringify} from "yaml"
import {fieldManagers} from "../../operator/api/names.ts"
import {controlPlanes, nodes} from "../../operator/plan/testing/cluster.ts"
import type {Plan} from "../../operator/plan/types.ts"
import {daprControlPlane} from "../../profiles/testing/dapr.ts"
import {heddle, jsonOf} from "../kit/cli.ts"
import {entry, withoutColour} from "../kit/entry.ts"

/** The examples that need no cluster, run as their pages say. */
const root = resolve(import.meta.dirname, "../..")
const example = (path: string) => join(root, "examples", path)
const folder = mkdtempSync(join(tmpdir(), "heddle-examples-"))
afterAll(() => rmSync(folder, {recursive: true, force: true}))

function gate(...profiles: readonly string[]) {
	const env = withoutColour({...process.env, HEDDLE: `${process.execPath} ${entry}`, REPORTS: folder})
	const script = example("ci-gate/gate.sh")
	return spawnSync("sh", [script, example("kubectl/cluster.yaml"), ...profiles], {env, encoding: "utf8"})
}

type Sarif = {readonly runs: readonly {readonly results: readonly {readonly level: string}[]}[]}
const sarif = (): Sarif => JSON.parse(readFileSync(join(folder, "heddle.sarif"), "utf8")) as Sarif

test("the gate lets a profile pass that the cluster can honour", () => {
	const {status, stdout} = gate(example("ci-gate/honoured.yaml"))
	expect(status).toBe(0)
	expect(stdout).toContain("checkout")
	expect(sarif().runs[0]?.results.filter(({level}) => level === "error")).toEqual([])
})

test("the gate fails a profile that it cannot, with the reason in the report", () => {
	const {status, stdout} = gate(example("ci-gate/refused.yaml"))
	expect(status).toBe(3)
	expect(stdout).toContain("FeatureNotSupported")
	expect(sarif().runs[0]?.results.filter(({level}) => level === "error")).not.toEqual([])
})

test("the gate judges profiles together, and refuses to run without any", () => {
	expect(gate(example("ci-gate/honoured.yaml"), example("ci-gate/refused.yaml")).status).toBe(3)
	expect(gate().status).toBe(2)
	expect(gate(example("ci-gate/gate.sh")).status).toBe(2)
})

test("the gate's workflow runs the gate, and uploads the report that it writes", () => {
	const {jobs} = parse(readFileSync(example("ci-gate/workflow.yaml"), "utf8")) as {
		jobs: {gate: {steps: {run?: string; with?: {sarif_file?: string}}[]}}
	}
	const runs = jobs.gate.steps.map(({run}) => run ?? "")
	expect(runs.some((run) => run.includes("examples/ci-gate/gate.sh"))).toBe(true)
	expect(jobs.gate.steps.map((step) => step.with?.sarif_file)).toContain("heddle.sarif")
})

type Ignored = {readonly managedFieldsManagers: readonly string[]; readonly kind: string}

test("Argo CD leaves alone what Heddle's own field manager writes, and nothing else", () => {
	const application = parse(readFileSync(example("gitops/argo-cd/checkout.yaml"), "utf8")) as {
		spec: {ignoreDifferences: Ignored[]; syncPolicy: {syncOptions: string[]}}
	}
	const managers = application.spec.ignoreDifferences.flatMap((one) => one.managedFieldsManagers)
	expect([...new Set(managers)]).toEqual([fieldManagers.enrolment])
	expect(application.spec.syncPolicy.syncOptions).toContain("RespectIgnoreDifferences=true")
})

test.each(["argo-cd", "flux"])("the profile under %s accepts that git owns the templates", async (tool) => {
	const owned = readFileSync(example("kubectl/cluster.yaml"), "utf8").replaceAll(
		/kind: Deployment\n {4}metadata:\n/g,
		"$&      annotations: {argocd.argoproj.io/tracking-id: checkout}\n",
	)
	expect(owned).toContain("tracking-id")
	const profile = example(`gitops/${tool}/profile.yaml`)
	const [accepted, bare] = await Promise.all([
		heddle(["plan", "-f", "-", "--profile", profile, "-o", "json"], {input: owned}),
		heddle(["plan", "-f", "-", "--profile", example("kubectl/profile.yaml"), "-o", "json"], {input: owned}),
	])
	expect(jsonOf<Plan>(accepted).namespaces[0]?.verdict).toBe("Ready")
	expect(jsonOf<Plan>(bare).namespaces[0]?.reasons.map(({code}) => code)).toContain("TemplateOwnedByGitOps")
	expect(bare.code).toBe(3)
})

test("Dapr with WasmEdge: with the control planes there, no workload is refused for its runtime", async () => {
	const labels = {"heddle.dev/wasm": "true"}
	const labelled = nodes().map((one) => ({...one, metadata: {...one.metadata, labels}}))
	const planes = [...labelled, ...controlPlanes.istio(), ...daprControlPlane()]
	const shop = parseAllDocuments(readFileSync(example("dapr-wasmedge/shop.yaml"), "utf8")).map((one) =>
		one.toJS(),
	)
	const input = stringify(
		{apiVersion: "v1", kind: "List", items: [...planes, ...shop]},
		{aliasDuplicateObjects: false},
	)
	const profile = example("dapr-wasmedge/profile.yaml")
	const {namespaces} = jsonOf<Plan>(
		await heddle(["plan", "-f", "-", "--profile", profile, "-o", "json"], {input}),
	)
	const [plan] = namespaces
	expect(plan?.reasons.filter(({severity}) => severity === "block")).toEqual([])
	expect(plan?.to?.dataplane).toBe("istio-sidecar")
})
