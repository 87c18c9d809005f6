import {describe, expect, it} from "vitest"
import type {MeshProfileSpec} from "../../crds/generated.ts"
import {select} from "./select.ts"
import {matches} from "./selector.ts"
import {meshProfile} from "./testing/profile.ts"

const named = (name: string, spec: Partial<MeshProfileSpec> = {}) =>
	meshProfile({mode: "Sidecar"}, spec, name)
const payments = {team: "payments"}

function who(labels: Readonly<Record<string, string>>, profiles: Parameters<typeof select>[1]) {
	const {winner, tied, losers} = select(labels, profiles)
	return {
		winner: winner?.metadata.name,
		tied: tied.map((one) => one.metadata.name),
		losers: losers.map((one) => one.metadata.name),
	}
}

describe("the profile that decides for a namespace", () => {
	it("is none when none selects it", () => {
		expect(who({team: "other"}, [named("a")])).toEqual({winner: undefined, tied: [], losers: []})
	})

	it("is the one of the higher priority; the others lose in order", () => {
		const profiles = [named("low"), named("high", {priority: 9}), named("middle", {priority: 5})]
		expect(who(payments, profiles)).toEqual({winner: "high", tied: [], losers: ["middle", "low"]})
	})

	it("is nobody when two share the highest priority, in whatever order they come", () => {
		const profiles = [named("b", {priority: 3}), named("low"), named("a", {priority: 3})]
		const expected = {winner: undefined, tied: ["a", "b"], losers: ["low"]}
		expect(who(payments, profiles)).toEqual(expected)
		expect(who(payments, [...profiles].reverse())).toEqual(expected)
	})

	it("takes a priority that is left out for the default", () => {
		expect(who(payments, [named("a"), named("b", {priority: 0})]).tied).toEqual(["a", "b"])
	})

	it("is never one that is being deleted", () => {
		const going = named("going", {priority: 9})
		const deleted = {...going, metadata: {...going.metadata, deletionTimestamp: "2026-01-01T00:00:00Z"}}
		expect(who(payments, [deleted, named("staying")]).winner).toBe("staying")
	})
})

describe("a selector", () => {
	const cases = [
		{is: "In with the value", operator: "In", values: ["a", "b"], labels: {k: "a"}, so: true},
		{is: "In with another value", operator: "In", values: ["b"], labels: {k: "a"}, so: false},
		{is: "In without the label", operator: "In", values: ["b"], labels: {}, so: false},
		{is: "NotIn with another value", operator: "NotIn", values: ["b"], labels: {k: "a"}, so: true},
		{is: "NotIn without the label", operator: "NotIn", values: ["b"], labels: {}, so: true},
		{is: "Exists with the label", operator: "Exists", labels: {k: ""}, so: true},
		{is: "Exists without the label", operator: "Exists", labels: {}, so: false},
		{is: "DoesNotExist with the label", operator: "DoesNotExist", labels: {k: "a"}, so: false},
		{is: "DoesNotExist without the label", operator: "DoesNotExist", labels: {}, so: true},
		{is: "an operator that does not exist", operator: "Like", labels: {k: "a"}, so: false},
	] as const

	it.each(cases)("decides $is", ({operator, labels, so, ...rest}) => {
		const values = "values" in rest ? {values: rest.values} : {}
		expect(matches({matchExpressions: [{key: "k", operator: operator as "In", ...values}]}, labels)).toBe(so)
	})

	it("needs all of its labels and all of its expressions", () => {
		const selector = {matchLabels: {a: "1"}, matchExpressions: [{key: "b", operator: "Exists" as const}]}
		expect(matches(selector, {a: "1", b: "2"})).toBe(true)
		expect(matches(selector, {a: "1"})).toBe(false)
		expect(matches(selector, {b: "2"})).toBe(false)
		expect(matches(selector, undefined)).toBe(false)
	})
})
