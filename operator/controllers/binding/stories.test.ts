import {readdirSync, readFileSync, writeFileSync} from "node:fs"
import {describe, expect, it} from "vitest"
import {metrics} from "./testing/stories/metrics.ts"
import {moves} from "./testing/stories/moves.ts"
import {order} from "./testing/stories/order.ts"
import {people} from "./testing/stories/people.ts"
import {translated} from "./testing/stories/translated.ts"
import {tried} from "./testing/stories/tried.ts"
import {troubles} from "./testing/stories/troubles.ts"

/*
 * Golden stories of whole migrations: what the operator writes, what its status says and where the pods are.
 * UPDATE_GOLDENS=1 writes them anew; read the difference before it is committed.
 */
const folder = new URL("stories/", import.meta.url)
const stories = [...moves, ...people, ...troubles, ...translated, ...metrics, ...order, ...tried]

describe("a migration tells its story", () => {
	it.each(stories)("$name", ({name, about, happens}) => {
		const file = new URL(`${name}.golden`, folder)
		const text = `${about}\n\n${happens().text}`
		if (process.env.UPDATE_GOLDENS === "1") writeFileSync(file, text)
		expect(text).toBe(readFileSync(file, "utf8"))
	})

	it("has no golden that nobody tells", () => {
		const told = stories.map(({name}) => `${name}.golden`).sort()
		expect(readdirSync(folder).sort()).toEqual(told)
	})
})
