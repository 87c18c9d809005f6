import type {Row} from "./table.ts"

type Test = (row: Row) => boolean

const words: Readonly<Record<string, Test>> = {
	blocked: ({verdict}) => verdict === "Blocked",
	ready: ({verdict, profile}) => verdict === "Ready" && profile !== undefined,
	risks: ({risks}) => risks > 0,
	moving: ({moving}) => moving !== undefined,
	selected: ({profile}) => profile !== undefined,
	unselected: ({profile, system}) => profile === undefined && system === undefined,
}

const fields: Readonly<Record<string, (row: Row) => string>> = {
	now: ({now}) => now,
	to: ({to}) => to,
	profile: ({profile}) => profile ?? "",
}

const numbers: Readonly<Record<string, (row: Row) => number>> = {
	pods: ({pods}) => pods,
	saves: ({saves}) => saves.cpuMillis + saves.memoryMiB,
	cpu: ({saves}) => saves.cpuMillis,
	memory: ({saves}) => saves.memoryMiB,
	blocks: ({blocks}) => blocks,
}

/** What a filter may hold, for the help. */
export const filterHelp =
	"Any text, and: blocked, ready, risks, moving, selected, unselected, now:NAME, to:NAME, profile:NAME, pods>N, saves>N, cpu>N, memory>N. Several words must all hold; ! before one turns it round."

/** Whether a row passes: every word of the filter must hold. A word of no special meaning is looked for as text. */
export function matcherOf(filter: string): Test {
	const tests = filter
		.toLowerCase()
		.split(/\s+/)
		.filter((word) => word !== "" && word !== "!")
		.map(testOf)
	return (row) => tests.every((test) => test(row))
}

/** What people type may be called like something that every object has. */
const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
	Object.hasOwn(table, key) ? table[key] : undefined

function testOf(word: string): Test {
	if (word.startsWith("!")) {
		const test = testOf(word.slice(1))
		return (row) => !test(row)
	}
	return own(words, word) ?? fieldTest(word) ?? numberTest(word) ?? textTest(word)
}

function fieldTest(word: string): Test | undefined {
	const [, name = "", wanted = ""] = /^([a-z]+):(.*)$/.exec(word) ?? []
	const field = own(fields, name)
	return field && ((row) => field(row).includes(wanted))
}

function numberTest(word: string): Test | undefined {
	const [, name = "", sign, limit] = /^([a-z]+)([<>])(-?\d+)$/.exec(word) ?? []
	const number = own(numbers, name)
	return number && ((row) => (sign === ">" ? number(row) > Number(limit) : number(row) < Number(limit)))
}

const textTest =
	(word: string): Test =>
	({namespace, now, to, why}) =>
		namespace.includes(word) || now.includes(word) || to.includes(word) || why.toLowerCase().includes(word)
