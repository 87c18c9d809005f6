import {parseArgs} from "node:util"
import {cache} from "./cache.ts"
import {operator} from "./operator.ts"
import {plan} from "./plan.ts"
import {type Result, tableOf} from "./result.ts"
import {startup} from "./startup.ts"
import {tui} from "./tui.ts"
import {wasm} from "./wasm.ts"

const usage = `npm run bench -- [startup] [plan] [operator] [cache] [tui] [wasm] [options]

  --namespaces <n>  of the operator's bench, per measurement (2000)
  --estate <n>      namespaces of the plan's bench, with ten pods each (10000)
  --pairs <n>       of the plan's, the operator's and the cache's bench (3)
  --rows <n>        of the terminal UI's bench (10000)
  --pods <n>        of the cache's bench (50000)
  --requests <n>    of the bench of Wasm modules, of each Envoy in each of ten rounds (2000)
  --keep            leave the sandbox up: the next run finds its pods there
  --json            one JSON document instead of the table`

const {values, positionals} = parseArgs({
	allowPositionals: true,
	options: {
		namespaces: {type: "string", default: "2000"},
		estate: {type: "string", default: "10000"},
		pairs: {type: "string", default: "3"},
		pods: {type: "string", default: "50000"},
		requests: {type: "string", default: "2000"},
		rows: {type: "string", default: "10000"},
		keep: {type: "boolean", default: false},
		json: {type: "boolean", default: false},
		help: {type: "boolean", default: false},
	},
})
const {keep} = values
const count = (option: "namespaces" | "estate" | "pairs" | "pods" | "requests" | "rows"): number => {
	const number = Number(values[option])
	if (!Number.isInteger(number) || number < 1)
		throw new Error(`--${option} takes a whole number from 1, not ${values[option]}`)
	return number
}

const benches: Readonly<Record<string, () => Result[] | Promise<Result[]>>> = {
	startup: () => startup(),
	plan: () => plan({namespaces: count("estate"), podsEach: 10, nodes: 1_000, pairs: count("pairs")}),
	operator: () => operator({namespaces: count("namespaces"), pairs: count("pairs"), keep}),
	tui: () => tui({rows: count("rows"), pairs: 10}),
	cache: () => cache({pods: count("pods"), pairs: count("pairs"), keep}),
	wasm: () => wasm({requests: count("requests"), rounds: 10}),
}

if (values.help) {
	console.log(usage)
} else {
	const chosen = positionals.length > 0 ? positionals : Object.keys(benches)
	const results: Result[] = []
	for (const name of chosen) {
		const bench = benches[name]
		if (!bench) throw new Error(`there is no bench ${name}\n\n${usage}`)
		process.stderr.write(`bench: ${name}\n`)
		results.push(...(await bench()))
	}
	console.log(
		values.json
			? JSON.stringify({node: process.version, platform: process.platform, results}, null, "\t")
			: tableOf(results),
	)
}
