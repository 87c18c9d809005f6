import fc from "fast-check"
import {expect, test} from "vitest"
import {everyRow, row} from "../testing/rows.ts"
import {matcherOf} from "./filter.ts"
import {moveCursor, windowed} from "./scroll.ts"
import {arranged, emptyTable, nextSort, type SortKey, withRows} from "./table.ts"

const table = withRows(emptyTable, {rows: everyRow, pending: 0})
const namesBy = (sort: SortKey) => arranged({...table, sort}).view.map(({namespace}) => namespace)

test("attention comes first to what moves, then to what could move and saves most, last to what is blocked", () => {
	expect(namesBy("attention")).toEqual(["orders", "cart", "search", "batch", "payments", "tools", "legacy"])
	expect(namesBy("pods").slice(0, 2)).toEqual(["payments", "cart"])
	expect(namesBy("saves").at(0)).toBe("cart")
	expect(namesBy("name")).toEqual([...namesBy("name")].sort())
})

test("a key goes through every order and comes back to the first", () => {
	const orders = [nextSort(table), nextSort(nextSort(table)), nextSort(nextSort(nextSort(table)))]
	expect([...orders.map(({sort}) => sort), nextSort(orders[2] ?? table).sort]).toEqual([
		"name",
		"saves",
		"pods",
		"attention",
	])
})

test.each([
	["", ["batch", "cart", "legacy", "orders", "payments", "search", "tools"]],
	["cart", ["cart"]],
	["blocked", ["legacy"]],
	["risks", ["search"]],
	["moving", ["orders"]],
	["unselected", ["batch", "tools"]],
	["now:linkerd", ["legacy"]],
	["to:ambient pods>20", ["cart"]],
	["saves<0", ["batch"]],
	["saves>0 !risks !moving", ["cart"]],
	["REQUEST", []],
	["accept", ["search"]],
	["nothing:at all", []],
])("the filter %j shows %j", (filter, expected) => {
	const shown = arranged({...table, filter, sort: "name"}).view.map(({namespace}) => namespace)
	expect(shown).toEqual(expected)
})

test("a filter never throws, whatever is typed", () => {
	fc.assert(
		fc.property(fc.string(), (text) => {
			expect(matcherOf(text)(row("cart"))).toBeTypeOf("boolean")
		}),
	)
})

const move = fc.constantFrom("up", "down", "page-up", "page-down", "first", "last" as const)
test("the cursor is always on a row and in the window, however it moves and the terminal shrinks", () => {
	const steps = fc.array(fc.record({move, length: fc.nat(50), room: fc.integer({min: 1, max: 20})}), {
		minLength: 1,
	})
	fc.assert(
		fc.property(steps, (all) => {
			let scroll = {top: 0, cursor: 0}
			for (const {move: to, length, room} of all) {
				scroll = moveCursor(scroll, to, {length, room})
				const {top, cursor} = scroll
				expect(cursor).toBeGreaterThanOrEqual(top)
				expect(cursor).toBeLessThan(top + room)
				expect(cursor).toBeLessThanOrEqual(Math.max(0, length - 1))
				expect(top).toBeLessThanOrEqual(Math.max(0, length - room))
			}
		}),
	)
})

test("a cursor that moves within the window leaves the window where it is", () => {
	expect(windowed({top: 10, cursor: 15}, {length: 100, room: 10}).top).toBe(10)
	expect(moveCursor({top: 10, cursor: 19}, "down", {length: 100, room: 10})).toEqual({top: 11, cursor: 20})
})
