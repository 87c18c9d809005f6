import type {Place} from "../input/places.ts"
import type {Failure} from "./error.ts"

/*
 * The JUnit XML that CI systems read, by the schema of the Jenkins plugin
 * (https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd).
 */

export type Case = {
	readonly name: string
	/** What is the same in every run, for the history of a case. */
	readonly className: string
	readonly place?: Place | undefined
	/** Why it failed; `error` when it could not be judged at all. */
	readonly failure?: {readonly type: string; readonly message: string; readonly text: string}
	readonly error?: {readonly type: string; readonly message: string; readonly text: string}
	readonly skipped?: string
	/** What is worth reading of a case that passed. */
	readonly output?: string
}

export type Suite = {readonly name: string; readonly cases: readonly Case[]}

export function junitOf(name: string, suites: readonly Suite[]): string {
	const all = suites.flatMap(({cases}) => cases)
	return [
		'<?xml version="1.0" encoding="UTF-8"?>',
		`<testsuites ${attributes({name, ...tally(all)})}>`,
		...suites.flatMap((suite) => [
			`  <testsuite ${attributes({name: suite.name, ...tally(suite.cases), skipped: count(suite.cases, "skipped")})}>`,
			...suite.cases.flatMap(caseLines),
			"  </testsuite>",
		]),
		"</testsuites>",
	].join("\n")
}

export function failureJUnit({code, message, details, fix}: Failure): string {
	const text = [...details, ...(fix === undefined ? [] : [fix])].join("\n")
	return junitOf("heddle", [
		{name: "heddle", cases: [{name: "run", className: "heddle", error: {type: code, message, text}}]},
	])
}

const count = (cases: readonly Case[], what: "failure" | "error" | "skipped"): number =>
	cases.filter((one) => one[what] !== undefined).length

const tally = (cases: readonly Case[]) => ({
	tests: cases.length,
	failures: count(cases, "failure"),
	errors: count(cases, "error"),
})

function caseLines(one: Case): readonly string[] {
	const {name, className, place, failure, error, skipped, output} = one
	const head = attributes({
		name,
		classname: className,
		...(place === undefined ? {} : {file: place.file}),
		...(place?.line === undefined ? {} : {line: place.line}),
	})
	const inner = [
		...(skipped === undefined ? [] : [`<skipped ${attributes({message: skipped})}/>`]),
		...(error === undefined ? [] : [element("error", error)]),
		...(failure === undefined ? [] : [element("failure", failure)]),
		...(output === undefined || output === "" ? [] : [`<system-out>${escaped(output)}</system-out>`]),
	]
	return inner.length === 0
		? [`    <testcase ${head}/>`]
		: [`    <testcase ${head}>`, ...inner.map((line) => `      ${line}`), "    </testcase>"]
}

const element = (tag: string, {type, message, text}: NonNullable<Case["failure"]>): string =>
	`<${tag} ${attributes({type, message})}>${escaped(text)}</${tag}>`

const attributes = (given: Readonly<Record<string, string | number>>): string =>
	Object.entries(given)
		.map(([key, value]) => `${key}="${escaped(String(value)).replaceAll("\n", "&#10;")}"`)
		.join(" ")

/** What XML 1.0 has no way to write, not even escaped: controls other than white space, and broken surrogates. */
const unwritable = /(?![\t\n\r])\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu

const entities: Readonly<Record<string, string>> = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}

const escaped = (text: string): string =>
	text.replace(unwritable, "\ufffd").replace(/[&<>"]/g, (char) => entities[char] ?? char)
