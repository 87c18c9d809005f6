import {readFileSync} from "node:fs"
import {mkdtemp, readFile, rm, writeFile} from "node:fs/promises"
import {tmpdir} from "node:os"
import {join, resolve} from "node:path"
import {beforeAll, expect, onTestFinished, test} from "vitest"
import {proxyModule} from "../../installer/wasm/testing/module-bytes.ts"
import {MeshBinding, MeshProfile} from "../../operator/api/kinds.ts"
import {Deployment, Namespace} from "../../profiles/snapshot/kinds.ts"
import {apply, installCrds} from "../kit/apply.ts"
import {startOperator} from "../kit/operator.ts"
import {freshNamespace, useWorld} from "../kit/sandbox.ts"
import {deployment, profile} from "../kit/shop.ts"
import {patience, waitFor} from "../kit/wait.ts"
import {atEveryWidth} from "./frames.ts"
import {openLink} from "./link.ts"
import {restored} from "./restored.ts"
import {openTerminal, type RunningTerminal, type TerminalOptions} from "./terminal.ts"

/* On a real API server with a real istiod and simulated kubelets, by the keyboard alone. */

const shop = resolve(import.meta.dirname, "../../examples/shop")
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

const shopNamespaces = ["platform", "shop-cart", "shop-orders", "shop-web"]

/** The shop of the examples, as people would have applied it, with an operator beside it; both go when the test ends. */
async function openShop(): Promise<void> {
	await apply(world(), {apiVersion: "v1", kind: "Namespace", metadata: {name: "platform"}})
	await apply(world(), readFileSync(join(shop, "shop.yaml"), "utf8"))
	// Nothing tells when its pods can serve: a risk that somebody has to take.
	await apply(world(), deployment("coupons", {namespace: "shop-web", replicas: 2}))
	const operator = await startOperator(world(), {namespace: "platform"})
	// The operator goes after this: it has to let go of its bindings first.
	onTestFinished(async () => {
		await world().client.delete(MeshProfile, "shop-web")
		for (const name of shopNamespaces) await world().client.delete(Namespace, name)
		await waitFor(
			"the shop to be gone",
			() => world().client.list(Namespace),
			({items}) => !items.some(({metadata}) => shopNamespaces.includes(metadata.name)),
			{timeoutMs: 90_000},
		)
	})
	await operator.ready()
}

test("the whole journey: choose, look, plan, read the diff, consent, watch, save, and back again", async () => {
	await openShop()
	const namespace = "shop-web"
	const cwd = await folder()
	const terminal = await open({cwd, env: {KUBECONFIG: world().sandbox.kubeconfig}, columns: 120, rows: 40})

	await terminal.shows("Which cluster?")
	await terminal.shows("current")
	await atEveryWidth(terminal, "welcome")
	terminal.press("Enter")
	await terminal.shows(/Enter shows the namespaces|NAMESPACE .*FITS BEST/)
	if (terminal.text().includes("Enter shows the namespaces")) await atEveryWidth(terminal, "discovery")
	await toNamespaces(terminal)
	await terminal.shows(/shop-cart .*→/)
	await atEveryWidth(terminal, "namespaces")
	await filterTo(terminal, namespace)
	terminal.press("Enter")
	await terminal.shows("Candidates")
	await atEveryWidth(terminal, "detail")
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
	await atEveryWidth(terminal, "plan")
	terminal.press("d")
	await terminal.shows("+ kind: MeshProfile")
	await atEveryWidth(terminal, "diff")
	terminal.press("Escape")
	await terminal.shows("Disruption")
	terminal.press("m")
	await terminal.shows(`Move ${namespace}`)
	await atEveryWidth(terminal, "plan", "consent")
	terminal.press("y")
	await terminal.shows(/Migrations[\s\S]*Soak|done/)
	const binding = await waitFor(
		"the migration to go on to its soak",
		() => world().client.get(MeshBinding, "mesh", namespace),
		(seen) =>
			seen?.status?.migration?.steps?.some(({action, state}) => action === "Soak" && state === "Running") ===
			true,
		{timeoutMs: 90_000},
	)
	expect(binding?.status?.migration).toMatchObject({from: "none", to: "istio-sidecar"})
	await atEveryWidth(terminal, "board")

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
	await atEveryWidth(terminal, "summary")
	expect(await readFile(join(cwd, `heddle-${namespace}.yaml`), "utf8")).toContain("provider: istio-sidecar")
	terminal.press("?")
	await terminal.shows("Everywhere")
	await atEveryWidth(terminal, "summary", "help")
	terminal.press("Escape", "q")
	await restored(terminal, 0)
}, 240_000)

test("a module is looked at by its address; one that a profile names and nobody serves says why", async () => {
	const cwd = await folder()
	await writeFile(join(cwd, "audit.wasm"), proxyModule())
	const url = "https://modules.invalid/audit.wasm"
	const extensions = [{name: "audit", url, sha256: "6f".repeat(32)}]
	const selector = {namespaceSelector: {matchLabels: {audit: "yes"}}}
	await apply(world(), profile("audited", {...selector, dataplane: {mode: "Sidecar"}, extensions}))
	onTestFinished(async () => void (await world().client.delete(MeshProfile, "audited")))
	const terminal = await open({
		args: ["--kubeconfig", world().sandbox.kubeconfig],
		cwd,
		columns: 120,
		rows: 40,
	})
	await toNamespaces(terminal)
	terminal.press("4")
	await terminal.shows(/audit .*not looked at/)
	terminal.press("Enter")
	await terminal.shows(/✕ .*modules\.invalid/)
	terminal.press("Escape")
	await terminal.shows("not to be had")
	await atEveryWidth(terminal, "modules")
	terminal.press("i", "audit.wasm", "Enter")
	await terminal.shows(/audit\.wasm +Accepted/)
	expect(terminal.text()).toMatch(/✓ +istio-waypoint/)
	await atEveryWidth(terminal, "module")
	terminal.press("q")
	await restored(terminal, 0)
}, 120_000)

test("a screen reader hears the journey as sentences, one place at a time", async () => {
	const namespace = await freshNamespace(world())
	await apply(world(), deployment("cart", {namespace, replicas: 2}))
	const terminal = await open({
		args: ["--kubeconfig", world().sandbox.kubeconfig],
		env: {INK_SCREEN_READER: "true"},
		rows: 60,
	})
	const seen = await terminal.shows(
		/heddle, (Namespaces|Looking around)[\s\S]*(Enter shows the namespaces|of \d+\.)|needs? a look/,
	)
	if (!/heddle, Namespaces/.test(seen)) terminal.press("Enter")
	await terminal.shows("heddle, Namespaces")
	terminal.press("/", namespace, "Enter")
	await terminal.shows(new RegExp(`1 of 1\\. ${namespace}\\. 2 pods on none`))
	terminal.press("p")
	await terminal.shows("heddle, Plan")
	await terminal.shows("The same as a command: heddle migrate")
	terminal.press("Escape")
	await terminal.shows("heddle, Namespaces")
	expect(terminal.text()).not.toMatch(/[─┃▸⠋]/)
	terminal.press("q")
	expect((await terminal.ended()).code).toBe(0)
}, 120_000)

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

test("a cluster that is gone holds nobody: q leaves, and the terminal is as it was", async () => {
	const link = await openLink(world(), {folder: await folder()})
	const terminal = await open({args: ["--kubeconfig", link.kubeconfig]})
	await toNamespaces(terminal)
	await link.cut()
	await terminal.shows(/lost \d+s ago, trying again/)
	terminal.press("q")
	await restored(terminal, 0)
}, 120_000)

test("over a line of 200 ms to the cluster and to the screen everything comes, and keys wait for none of it", async () => {
	const link = await openLink(world(), {folder: await folder(), delayMs: 100})
	const terminal = await open({args: ["--kubeconfig", link.kubeconfig], delayMs: 100})
	await terminal.shows("Read the cluster")
	const began = performance.now()
	terminal.press("?")
	await terminal.shows("Everywhere")
	// There and back on the line to the screen, and nothing on the one to the cluster; the rest is a busy machine's.
	expect(performance.now() - began).toBeLessThan(2_000 * patience)
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
