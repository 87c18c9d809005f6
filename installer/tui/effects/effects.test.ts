import {expect, test} from "vitest"
import {stringify} from "yaml"
import {clusterFacts} from "../../../operator/plan/facts.ts"
import {dataplanes} from "../../../profiles/registry.ts"
import {snapshotOf} from "../../../profiles/snapshot/snapshot.ts"
import type {CheckResult} from "../../checks/types.ts"
import {smallCluster, toAmbient} from "../../testing/small-cluster.ts"
import {rowOf} from "../model/row-of.ts"
import {planesOf} from "./facts.ts"
import {groupCheck} from "./group-check.ts"
import {planDiff} from "./plan-diff.ts"
import {recommend} from "./recommend.ts"

const snapshot = snapshotOf(smallCluster)
const facts = clusterFacts(snapshot, dataplanes)
const at = (namespace: string) => {
	const found = recommend({snapshot, profiles: [toAmbient], dataplanes, facts, namespace})
	if (found === undefined) throw new Error(`there is no namespace ${namespace}`)
	return found
}
const rowAt = (namespace: string) => rowOf({...at(namespace), pods: 2})

test("a namespace that a profile selects is told by it, any other by what Auto would choose", () => {
	expect([at("ready").decided, at("aside").decided]).toEqual([true, false])
	expect(rowAt("ready")).toMatchObject({now: "none", to: "istio-ambient", profile: toAmbient.metadata.name})
	expect(rowAt("aside").profile).toBeUndefined()
	expect(rowAt("aside").to).not.toBe("")
})

test("a row that is refused names its block and the fix", () => {
	const legacy = rowAt("legacy")
	expect([legacy.verdict, legacy.blocks > 0, legacy.why.includes("block")]).toEqual(["Blocked", true, true])
	expect(legacy.first?.fix).toBeDefined()
})

test("the namespace of a control plane is told as such and goes nowhere", () => {
	const system = smallCluster.find(
		({kind, metadata}) => kind === "Namespace" && facts.reserved.has(metadata.name),
	)
	if (system === undefined) return expect(facts.reserved.size).toBeGreaterThan(0)
	expect(rowAt(system.metadata.name)).toMatchObject({to: "", system: expect.stringContaining("belongs to")})
})

test("the diff shows each key that is set or removed, and nothing that stays", () => {
	const {plan} = at("ready")
	const lines = planDiff({
		plan: {apiVersion: "heddle.dev/v1alpha1", kind: "Plan", namespaces: [plan]},
		snapshot,
		profile: toAmbient,
		stringify,
	})
	expect(lines[0]).toBe(`  # MeshProfile/${toAmbient.metadata.name}: new`)
	expect(lines).toContain("+         istio.io/dataplane-mode: ambient")
	expect(lines.every((line) => line === "" || /^[ +-] /.test(line))).toBe(true)
})

test("every dataplane has a line, installed or not", () => {
	const planes = planesOf(facts, dataplanes)
	expect(new Set(planes.map(({name}) => name))).toEqual(new Set(dataplanes.map(({name}) => name)))
	expect(planes.find(({name}) => name === "none")?.revision).toBeUndefined()
	expect(planes.find(({name}) => name === "istio-ambient")?.revision).toBeDefined()
})

const result = (rest: Partial<CheckResult>): CheckResult => ({
	id: "x",
	group: "Heddle",
	title: "it holds",
	severity: "error",
	state: "passed",
	evidence: "seen",
	findings: [],
	fix: "Do it.",
	doc: "docs/checks.md#x",
	...rest,
})
const failed = result({state: "failed", findings: [{message: "it does not"}, {message: "nor that"}]})

test.each([
	[[result({}), result({})], "ok", "2 checks passed"],
	[[result({}), failed], "bad", "1 check passed, 1 to look at"],
	[[{...failed, severity: "warning"} as const], "warn", "1 to look at"],
	[[result({state: "notRun"})], "none", "1 not run"],
])("a group of checks is as bad as its worst (%#)", (results, state, note) => {
	expect(groupCheck("Heddle", results)).toMatchObject({state, note})
})

test("many findings of one check are told by the first and counted", () => {
	expect(groupCheck("Heddle", [failed]).findings).toEqual([
		{id: "x", severity: "error", text: "it holds: it does not (and 1 more)", fix: "Do it."},
	])
})
