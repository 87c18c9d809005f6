import {describe, expect, it} from "vitest"
import {livePage} from "./live-page.ts"

function drawn(pages: readonly string[], rows = 24): readonly string[] {
	const written: string[] = []
	const show = livePage({write: (text) => written.push(text), rows})
	for (const page of pages) show(page)
	return written
}

describe("a page that is drawn anew", () => {
	it("goes up by as many lines as the last one had", () => {
		expect(drawn(["a\nb", "c"])).toEqual(["a\nb\n", "\u001b[2A\r\u001b[0Jc\n"])
	})

	it("is left alone while nothing changes", () => {
		expect(drawn(["a", "a"])).toEqual(["a\n"])
	})

	it("never is higher than the terminal", () => {
		expect(drawn(["1\n2\n3\n4\n5"], 4)).toEqual(["1\n2\n… 3 more lines; name a namespace to see it alone\n"])
	})
})
