import {spawn} from "node:child_process"
import {createInterface} from "node:readline"
import {fileURLToPath} from "node:url"
import {applyFile, forgetShop, listPods} from "./cluster.ts"

/*
 * The main job on a throw-away cluster: what is there, what would happen and why, none → sidecar → ambient, a
 * refusal, and the way back. Everything that is shown is what `heddle` itself prints; this file only types.
 */

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const heddle = here("../../installer/heddle.js")
const interactive =
	process.stdin.isTTY === true && process.stdout.isTTY === true && process.env.CI === undefined
const colour = process.stdout.isTTY === true && !process.env.NO_COLOR
const paint = (code: number, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text)
const began = performance.now()

const sandboxName = "default"
let kubeconfig = ""
/** The program that runs now, to be told when a person interrupts. */
let child: ReturnType<typeof spawn> | undefined

type Expected = {
	/** Exit codes that are right here; a refusal is 3. */
	readonly codes?: readonly number[]
	readonly quiet?: boolean
}

/** Types one command, and stops everything when it does not end as it should. */
async function run(args: readonly string[], {codes = [0], quiet = false}: Expected = {}): Promise<string> {
	if (!quiet) console.log(paint(36, `$ heddle ${args.map(shown).join(" ")}`))
	const env = {...process.env, ...(kubeconfig === "" ? {} : {KUBECONFIG: kubeconfig})}
	const started = spawn(process.execPath, [heddle, ...args], {
		env,
		stdio: ["inherit", quiet ? "pipe" : "inherit", "inherit"],
	})
	child = started
	let output = ""
	started.stdout?.on("data", (data: Buffer) => {
		output += data
	})
	const code = await new Promise<number>((resolve, reject) => {
		started.once("error", reject)
		started.once("close", (ended, signal) => resolve(ended ?? (signal === "SIGINT" ? 130 : 1)))
	})
	child = undefined
	if (codes.includes(code)) return output
	if (code !== 130)
		console.error(`\nheddle ${args.join(" ")} ended with ${code}; expected ${codes.join(" or ")}.`)
	process.exit(code === 0 ? 1 : code)
}

const shown = (arg: string) =>
	arg.startsWith(here(".")) ? `examples/shop/${arg.slice(here(".").length)}` : arg

let chapter = 0

/** A heading; on a terminal a person decides when it goes on. */
async function next(title: string, why: string): Promise<void> {
	if (interactive && chapter > 0) await enter()
	chapter++
	console.log(`\n${paint(1, `${chapter}  ${title}`)}\n${paint(2, why)}\n`)
}

function enter(): Promise<void> {
	const lines = createInterface({input: process.stdin, output: process.stdout})
	return new Promise((resolve) => {
		lines.question(paint(2, "\nEnter goes on, Ctrl-C ends it here "), () => {
			lines.close()
			resolve()
		})
		lines.once("SIGINT", () => process.exit(130))
	})
}

process.on("SIGINT", () => {
	// The program that runs has had the same signal from the terminal and says how to go on.
	if (child === undefined) process.exit(130)
})

async function main(): Promise<void> {
	await next(
		"A cluster to try things on",
		[
			"A real API server, real controllers and a real istiod on this machine;",
			"kubelets and the ambient node agent are simulated.",
		].join("\n"),
	)
	const described = await run(["sandbox", "up", "--name", sandboxName, "--operator", "--output", "json"], {
		quiet: true,
	})
	kubeconfig = (JSON.parse(described) as {kubeconfig: string}).kubeconfig
	await forgetShop(sandboxName)
	await applyFile(sandboxName, here("shop.yaml"))
	console.log(`The shop stands: ${await listPods(sandboxName)}.`)

	await next("What is there", "Heddle reads the pods, never the labels, to say where a namespace is.")
	await run(["plan", "--all-namespaces"], {codes: [0]})

	await next(
		"What would happen, and why",
		["One planner for the terminal, for CI and for the operator. Nothing is", "changed here."].join("\n"),
	)
	await run(["plan", "--profile", here("to-sidecar.yaml")])
	await run(["explain", "shop-cart", "--profile", here("to-sidecar.yaml")])

	await next(
		"none → sidecar",
		[
			"Each workload gets new pods, one workload at a time; istiod injects, and",
			"every pod is proven before the next one goes.",
		].join("\n"),
	)
	const before = performance.now()
	await run(["migrate", "--profile", here("to-sidecar.yaml"), "--yes"])
	console.log(paint(2, `moved in ${seconds(before)}; ${seconds(began)} since the start`))

	await next(
		"A refusal",
		[
			"The ledger limits its requests by a patch of its own sidecars. Neither ztunnel",
			"nor a waypoint carries that patch, so Heddle says no.",
		].join("\n"),
	)
	await run(["explain", "shop-orders", "--profile", here("refused.yaml")], {codes: [3]})

	await next(
		"sidecar → ambient",
		["The edge and the core of the shop leave their sidecars; the ledger stays", "where it is safe."].join(
			"\n",
		),
	)
	await run(["migrate", "--profile", here("to-ambient.yaml"), "--yes"])

	await next("And back", "Every touched object was kept as it was. The way back restores exactly that.")
	await run(["rollback", "shop-web", "--yes"])
	await run(["status"])

	console.log(`\n${paint(1, "The sandbox stays up. Try next:")}

  export KUBECONFIG=${kubeconfig}
  kubectl get meshbindings -A                               what a namespace owner sees
  npm run -s heddle -- status --watch
  npm run -s heddle -- explain shop-cart
  npm run -s heddle -- migrate shop-web --yes               forward again
  npm run -s heddle -- plan --from-files examples/shop      the same plan without a cluster
  npm run -s heddle -- sandbox down                         and everything is gone
`)
}

const seconds = (since: number) => `${((performance.now() - since) / 1_000).toFixed(0)} s`

await main()
