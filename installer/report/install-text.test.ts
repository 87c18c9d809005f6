import {expect, test} from "vitest"
import type {FlowDiagnostic, PlannedChange} from "../engine/events.ts"
import {eventLine, parseEventLine} from "../engine/events.ts"
import {diagnosticsText, installPlanText} from "./install-text.ts"
import {yamlOf} from "./render-yaml.ts"
import {plain} from "./style.ts"

const page = {columns: 80, style: plain}
const change = (action: PlannedChange["action"], name: string, rest: object = {}): PlannedChange => ({
	id: `ConfigMap/n/${name}`,
	kind: "ConfigMap",
	name,
	namespace: "n",
	action,
	parent: "operator",
	...rest,
})

test("what is new is counted by component, what changes or goes is named", () => {
	const changes = [
		change("create", "a"),
		change("create", "b"),
		change("update", "c", {fields: ["data.x"]}),
		{...change("delete", "d"), parent: undefined} as never,
		change("same", "e", {parent: "dapr"}),
	]
	expect(installPlanText({type: "plan", changes}, page).split("\n")).toEqual([
		"  operator          2 to create, 1 to change",
		"  no longer wanted  1 to delete",
		"  dapr              1 as wanted",
		"",
		"  ~  ConfigMap/n/c  data.x",
		"  -  ConfigMap/n/d  to delete",
	])
})

test("the same thing said of a hundred objects is said of five", () => {
	const one = (i: number): FlowDiagnostic => ({
		type: "diagnostic",
		severity: "block",
		code: "OwnedByAnother",
		message: `object ${i} is there`,
		fix: "Take it over.",
	})
	const lines = diagnosticsText(
		Array.from({length: 100}, (_, i) => one(i)),
		page,
	).split("\n")
	expect(lines).toHaveLength(7)
	expect(lines.slice(-2)).toEqual(["  and 95 more like this (OwnedByAnother)", "  fix:  Take it over."])
})

test("an event is one line of JSON, and half a line is none", () => {
	const event = {type: "log", level: "info", text: "two\nlines"} as const
	expect(eventLine(event)).not.toContain("\n")
	expect(parseEventLine(eventLine(event))).toEqual(event)
	expect(() => parseEventLine('{"type":"lo')).toThrow(SyntaxError)
	expect(() => parseEventLine("{}")).toThrow(SyntaxError)
})

test("rendered YAML does not depend on the order of keys, and kubectl reads it as it was meant", () => {
	const one = {
		apiVersion: "v1",
		kind: "C",
		metadata: {name: "a", labels: {b: "on", a: "1"}},
		data: {b: "1e3", a: "22:22"},
	}
	const other = {
		data: {a: "22:22", b: "1e3"},
		kind: "C",
		metadata: {labels: {a: "1", b: "on"}, name: "a"},
		apiVersion: "v1",
	}
	expect(yamlOf([other])).toBe(yamlOf([one]))
	expect(yamlOf([one])).toBe(
		'apiVersion: v1\nkind: C\nmetadata:\n  labels:\n    a: "1"\n    b: "on"\n  name: a\ndata:\n  a: "22:22"\n  b: "1e3"\n',
	)
})
