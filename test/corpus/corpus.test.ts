import {readdirSync, readFileSync, writeFileSync} from "node:fs"
import {beforeAll, describe, expect, it} from "vitest"
import {parseAllDocuments} from "yaml"
import type {MeshProfile} from "../../crds/generated.ts"
import {features} from "../../profiles/features.ts"
import {dataplanes} from "../../profiles/registry.ts"
import {answerTo, folder, planIn} from "./answer.ts"
import {shown} from "./coverage.ts"
import {type Case, commentAtHead, corpusPage} from "./page.ts"

/*
 * UPDATE_GOLDENS=1 writes every plan.yaml and docs/corpus.md anew; read the difference before it is committed.
 */
const updates = process.env.UPDATE_GOLDENS === "1"
const names = readdirSync(folder, {withFileTypes: true})
	.filter((entry) => entry.isDirectory())
	.map(({name}) => name)
	.sort()

const golden = (name: string) => new URL(`${name}/plan.yaml`, folder)
const page = new URL("../../docs/corpus.md", folder)

describe("a cluster of the corpus is planned as its golden file says", () => {
	it.each(names)("%s", async (name) => {
		const {printed, said} = await answerTo(name)
		expect(said).toEqual([])
		if (updates) writeFileSync(golden(name), printed)
		expect(printed).toBe(readFileSync(golden(name), "utf8"))
	})
})

describe("the corpus as a whole", () => {
	let cases: readonly Case[]
	beforeAll(() => {
		cases = names.map(read)
	})

	it("says of every case what it is about, and plans one namespace or more", () => {
		expect(cases.length).toBeGreaterThanOrEqual(80)
		for (const {name, about, plan} of cases) {
			expect(about, name).not.toBe("")
			expect(plan.namespaces.length, name).toBeGreaterThan(0)
		}
	})

	it.each(features)("shows %s against three dataplanes at least", (feature) => {
		const seen = shown(cases).filter((one) => one.feature === feature)
		expect(new Set(seen.map(({dataplane}) => dataplane)).size).toBeGreaterThanOrEqual(3)
	})

	it("shows for each feature every kind of support that some dataplane gives it", () => {
		const missing = features.flatMap((feature) => {
			const seen = new Set(
				shown(cases)
					.filter((one) => one.feature === feature)
					.map(({support}) => support),
			)
			// The first row of a feature is the newest version's.
			const given = new Set(
				dataplanes.flatMap(
					({capabilities}) => capabilities.find((row) => row.feature === feature)?.support ?? [],
				),
			)
			return [...given].filter((one) => !seen.has(one)).map((support) => `${feature}: ${support}`)
		})
		expect(missing).toEqual([])
	})

	it("is listed in docs/corpus.md", () => {
		const text = corpusPage(cases)
		if (updates) writeFileSync(page, text)
		expect(text).toBe(readFileSync(page, "utf8"))
	})
})

function read(name: string): Case {
	const text = readFileSync(new URL(`${name}/input/profile.yaml`, folder), "utf8")
	const [profile] = parseAllDocuments(text).map((one) => one.toJS() as MeshProfile)
	if (profile === undefined) throw new Error(`${name} has no profile`)
	return {name, about: commentAtHead(text), profile, plan: planIn(readFileSync(golden(name), "utf8"))}
}
