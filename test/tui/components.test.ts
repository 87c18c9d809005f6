import {mkdtemp, rm} from "node:fs/promises"
import {tmpdir} from "node:os"
import {join} from "node:path"
import {expect, onTestFinished, test} from "vitest"
import {applySetOf, home} from "../../installer/engine/manifests/apply-set.ts"
import {heddleOn, inventory, useBareWorld} from "../api/install/bare.ts"
import {get} from "../kit/open-world.ts"
import {waitFor} from "../kit/wait.ts"
import {atEveryWidth} from "./frames.ts"
import {openLink} from "./link.ts"
import {restored} from "./restored.ts"
import {openTerminal, type RunningTerminal} from "./terminal.ts"

/* Installed, upgraded and removed by the keyboard alone, on a real API server that has no mesh. */

const world = useBareWorld()

async function folder(): Promise<string> {
	const path = await mkdtemp(join(tmpdir(), "heddle-tui-"))
	onTestFinished(() => rm(path, {recursive: true, force: true}))
	return path
}

async function open(kubeconfig = world().sandbox.kubeconfig): Promise<RunningTerminal> {
	const state = await folder()
	onTestFinished(async () => void (await heddleOn(world(), "uninstall", "--yes")))
	const terminal = openTerminal({
		args: ["--kubeconfig", kubeconfig],
		env: {XDG_STATE_HOME: state},
		columns: 120,
		rows: 36,
	})
	onTestFinished(() => terminal.end())
	return terminal
}

/** Puts the cursor on the operator, the last of what Heddle installs. */
async function toOperator(terminal: RunningTerminal): Promise<void> {
	terminal.press("2", "End")
	await terminal.shows(/▸ .*operator/)
}

const record = () =>
	world().http.request(get(`/api/v1/namespaces/${home}/configmaps/${applySetOf("heddle").name}`))

test("the operator is installed, looked at for an upgrade, and removed by the cluster's name; nothing of it is left", async () => {
	const before = await inventory(world())
	const terminal = await open()
	await terminal.shows(/Enter shows the namespaces|FITS BEST|Only namespaces of Kubernetes/)
	await toOperator(terminal)
	await terminal.shows(/operator +(beside +)?not recorded/)
	await atEveryWidth(terminal, "dataplanes")

	terminal.press("i")
	await terminal.shows(/Apply \d+ objects in .*y yes {2}n no/)
	expect(terminal.text()).toMatch(/\+ \d+ to create/)
	expect([...(await inventory(world())).keys()]).toEqual([...before.keys()])
	await atEveryWidth(terminal, "install", "preview")
	terminal.press("y")
	await terminal.shows("✓ done")
	await atEveryWidth(terminal, "install", "installed")

	terminal.press("Escape")
	await terminal.shows(/✓ operator .*installed .*Heddle/)
	terminal.press("u")
	await terminal.shows("Upgrade operator  ✓ done")

	terminal.press("Escape")
	await terminal.shows(/▸ .*operator/)
	terminal.press("X")
	const {context} = await questioned(terminal)
	await atEveryWidth(terminal, "install", "uninstall")
	terminal.press("y", "Enter")
	await terminal.shows(`y is not ${context}`)
	expect(await record()).toBeDefined()

	terminal.press("Escape")
	await terminal.shows(/▸ .*operator/)
	terminal.press("X")
	await questioned(terminal)
	terminal.press(context, "Enter")
	await terminal.shows("Uninstall operator  ✓ done")
	terminal.press("5")
	await terminal.shows(/Installed operator[\s\S]*Uninstalled operator/)
	terminal.press("q")
	await restored(terminal, 0)
	expect([...(await inventory(world())).keys()]).toEqual([...before.keys()])
}, 300_000)

async function questioned(terminal: RunningTerminal): Promise<{readonly context: string}> {
	const seen = await terminal.shows(/Delete \d+ objects in \S+\? Type \S+:/)
	return {context: /Type (\S+):/.exec(seen)?.[1] ?? ""}
}

test("Ctrl-C in the middle of an install stops it in order, leaves with 130, and tells how to go on", async () => {
	const terminal = await open()
	await terminal.shows(/Enter shows the namespaces|FITS BEST|Only namespaces of Kubernetes/)
	await toOperator(terminal)
	terminal.press("i")
	await terminal.shows(/Apply \d+ objects in .*y yes {2}n no/)
	terminal.press("y", "Ctrl-C")
	await restored(terminal, 130)
	expect(terminal.history()).toMatch(/To go on:\s+\$ +heddle install operator/)
	const again = await heddleOn(world(), "install", "operator", "--yes")
	expect(again.code, again.stderr).toBe(0)
	await waitFor("the record", record, (found) => found !== undefined)
}, 300_000)

test("a cluster that is lost in the middle of an install is told, and the same key goes on when it is back", async () => {
	// A long line, so that there is a middle.
	const link = await openLink(world(), {folder: await folder(), delayMs: 100})
	const terminal = await open(link.kubeconfig)
	await terminal.shows(/Enter shows the namespaces|FITS BEST|Only namespaces of Kubernetes/)
	await toOperator(terminal)
	terminal.press("i")
	await terminal.shows(/Apply \d+ objects in .*y yes {2}n no/)
	terminal.press("y")
	await terminal.shows(/\d+ of \d+ done/)
	await link.cut()
	await terminal.shows("✕ not finished")
	await terminal.shows(/lost \d+s ago/)
	terminal.press("Escape", "i")
	await terminal.shows("The cluster cannot be reached right now.")
	await link.mend()
	await waitFor("the cluster to be back", terminal.text, (seen) => seen.includes("●"))
	await toOperator(terminal)
	terminal.press("i")
	await terminal.shows(/Apply \d+ objects in .*y yes {2}n no/)
	terminal.press("y")
	await terminal.shows("Install operator  ✓ done")
	terminal.press("q")
	await restored(terminal, 0)
}, 300_000)
