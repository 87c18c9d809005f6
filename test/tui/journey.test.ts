import {mkdtemp, readFile, rm} from "node:fs/promises"
import {tmpdir} from "node:os"
import {join} from "node:path"
import {beforeAll, expect, onTestFinished, test} from "vitest"
import {MeshBinding} from "../../operator/api/kinds.ts"
import {Deployment} from "../../profiles/snapshot/kinds.ts"
import {apply, installCrds} from "../kit/apply.ts"
import {startOperator} from "../kit/operator.ts"
import {freshNamespace, useWorld} from "../kit/sandbox.ts"
import {deployment} from "../kit/shop.ts"
import {waitFor} from "../kit/wait.ts"
import {openLink} from "./link.ts"
import {openTerminal, type RunningTerminal, type TerminalOptions} from "./terminal.ts"

/* On a real API server with a real istiod and simulated kubelets, by the keyboard alone. */

const world = useWorld()
beforeAll(() => installCrds(world()))

async function folder(): Promise<string> {
	const path = await mkdtemp(join(tmpdir(), "heddle-tui-"))
	onTestFinished(() => rm(path, {recursive: true, force: true}))
	return path
}

async function open(options: TerminalOptions): Promise<RunningTerminal> {
	const home = await folder()
	const terminal = openTerminal({...options, env: {XDG_STATE_HOME: home, ...options.env}})
	onTestFinished(() => terminal.end())
	return terminal
}

/** Discovery stays on the screen when something needs a look; in a shared sandbox something may. */
async function toNamespaces(terminal: RunningTerminal): Promise<void> {
	const seen = await terminal.shows(/Enter shows the namespaces|NAMESPACE .*FITS BEST/)
	if (seen.includes("Enter shows the namespaces")) terminal.press("Enter")
	await terminal.shows(/NAMESPACE .*FITS BEST/)
}

async function filterTo(terminal: RunningTerminal, namespace: string): Promise<void> {
	terminal.press("/", namespace, "Enter")
	await terminal.shows(new RegExp(`▸ .*${namespace}`))
}

test("what an install would change is shown first, and a no writes nothing", async () => {
	// Tall: other tests on this sandbox may have applied more of what is objected to.
	const terminal = await open({args: ["--kubeconfig", world().sandbox.kubeconfig], rows: 100})
	await terminal.shows("things need a look")
	terminal.press("i")
	// The CRDs of this sandbox were applied by somebody else.
	await terminal.shows("OwnedByAnother")
	await terminal.shows("not finished")
	terminal.press("a")
	await terminal.shows(/Apply \d+ objects in .*y yes {2}n no/)
	expect(terminal.text()).toContain("+ Deployment heddle-system/heddle-operator")
	terminal.press("n")
	await terminal.shows("not finished")
	expect(await world().client.get(Deployment, "heddle-operator", "heddle-system")).toBeUndefined()
	terminal.press("q")
	expect((await terminal.ended()).code).toBe(0)
}, 120_000)

test("the whole journey: choose, look, plan, read the diff, consent, watch, save, and back again", async () => {
	const namespace = await freshNamespace(world())
	await apply(world(), deployment("cart", {namespace, replicas: 2}))
	const operator = await startOperator(world(), {namespace: await freshNamespace(world())})
	await operator.ready()
	const cwd = await folder()
	const terminal = await open({cwd, env: {KUBECONFIG: world().sandbox.kubeconfig}, columns: 120, rows: 40})

	await terminal.shows("Which cluster?")
	await terminal.shows("current")
	terminal.press("Enter")
	await toNamespaces(terminal)
	await filterTo(terminal, namespace)
	terminal.press("Enter")
	await terminal.shows("Candidates")
	terminal.press("Escape")
	await terminal.shows(/NAMESPACE .*FITS BEST/)
	terminal.press("Space", "p")
	await terminal.shows("Disruption")
	for (let turn = 0; !/Target +istio-sidecar/.test(terminal.text()) && turn < 12; turn++) {
		const before = terminal.text()
		terminal.press("t")
		await waitFor("the next target", terminal.text, (seen) => seen !== before && /Disruption/.test(seen))
	}
	terminal.press("m")
	await terminal.shows("A risk waits for a decision.")
	terminal.press("a", "a")
	await terminal.shows("✓ accepted")
	await terminal.shows("→ ready")
	terminal.press("d")
	await terminal.shows("+ kind: MeshProfile")
	terminal.press("Escape")
	await terminal.shows("Disruption")
	terminal.press("m")
	await terminal.shows(`Move ${namespace}`)
	terminal.press("y")
	await terminal.shows(/Migrations[\s\S]*Soak|done/)
	const binding = await waitFor(
		"the migration to go on to its soak",
		() => world().client.get(MeshBinding, "mesh", namespace),
		(seen) =>
			seen?.status?.migration?.steps?.some(({action, state}) => action === "Soak" && state === "Running") ===
			true,
	)
	expect(binding?.status?.migration).toMatchObject({from: "none", to: "istio-sidecar"})

	terminal.press("p")
	await terminal.shows("held")
	terminal.press("p")
	await terminal.shows("running")
	terminal.press("R")
	await terminal.shows(`Return ${namespace} from istio-sidecar to none?`)
	terminal.press("y")
	await terminal.shows("rolled back")
	terminal.press("5")
	await terminal.shows("s saves it, to put it in git")
	terminal.press("s", "Enter")
	await terminal.shows("saved: put it in git")
	expect(await readFile(join(cwd, `heddle-${namespace}.yaml`), "utf8")).toContain("provider: istio-sidecar")
	terminal.press("q")
	const {code} = await terminal.ended()
	expect(code).toBe(0)
}, 180_000)

test("a cluster that is lost is said to be lost, and everything goes on when it is back", async () => {
	const namespace = await freshNamespace(world())
	const link = await openLink(world(), {folder: await folder()})
	const terminal = await open({args: ["--kubeconfig", link.kubeconfig]})
	await toNamespaces(terminal)
	await link.cut()
	await terminal.shows(/lost \d+s ago, trying again/)
	terminal.press("/", namespace, "Enter")
	await terminal.shows(namespace)
	await link.mend()
	await waitFor(
		"the cluster to be back",
		terminal.text,
		(seen) => seen.includes("●") && !seen.includes("trying again"),
	)
	const later = await freshNamespace(world())
	terminal.press("Escape")
	await waitFor("the filter to be gone", terminal.text, (seen) => !seen.includes("filter: "))
	terminal.press("/", later, "Enter")
	await terminal.shows(new RegExp(`▸ .*${later}`))
	terminal.press("q")
	expect((await terminal.ended()).code).toBe(0)
}, 120_000)

test("a cluster that is not there at first is waited for", async () => {
	const link = await openLink(world(), {folder: await folder()})
	await link.cut()
	const terminal = await open({args: ["--kubeconfig", link.kubeconfig]})
	await terminal.shows("✕ API server")
	await link.mend()
	await toNamespaces(terminal)
	terminal.press("Ctrl-C")
	expect((await terminal.ended()).code).toBe(130)
}, 120_000)

test("over a line of 200 ms everything comes, and keys wait for none of it", async () => {
	const link = await openLink(world(), {folder: await folder(), delayMs: 100})
	const terminal = await open({args: ["--kubeconfig", link.kubeconfig]})
	await terminal.shows("Read the cluster")
	terminal.press("?")
	await terminal.shows("Everywhere")
	terminal.press("Escape")
	await toNamespaces(terminal)
	terminal.press("q")
	expect((await terminal.ended()).code).toBe(0)
}, 120_000)

test("a kubeconfig that names no cluster is told with its fix", async () => {
	const terminal = await open({args: ["--context", "nowhere"], env: {KUBECONFIG: world().sandbox.kubeconfig}})
	await terminal.shows("the kubeconfig has no context nowhere")
	terminal.press("q")
	expect((await terminal.ended()).code).toBe(0)
})
