import {describe, expect, test} from "vitest"
import {profileReasons, reason} from "./reasons.ts"

const entries = Object.entries(profileReasons)

describe("the catalogue of reasons", () => {
	test.each(entries)("%s is documented", (code, {doc, fix}) => {
		expect(code).toMatch(/^([A-Z][A-Za-z0-9]*)+$/)
		expect(doc).toMatch(/^.{30,}\.$/)
		expect(fix).toMatch(/\.$/)
	})

	test("a reason has the catalogue's severity, and its fix unless a more exact one is given", () => {
		const {severity, fix} = profileReasons.HeadlessPlaintext
		expect(reason("HeadlessPlaintext", {message: "m"})).toEqual({
			code: "HeadlessPlaintext",
			severity,
			message: "m",
			fix,
		})
		expect(reason("HeadlessPlaintext", {message: "m", fix: "f"}).fix).toBe("f")
	})

	test("a code that the catalogue does not know does not compile", () => {
		// @ts-expect-error: the catalogue is the only source of codes
		expect(() => reason("NoSuchCode", {message: "m"})).toThrow()
	})
})
