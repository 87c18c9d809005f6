import {mkdtempSync, rmSync, writeFileSync} from "node:fs"
import {tmpdir} from "node:os"
import {join} from "node:path"
import {afterAll, beforeAll, describe, expect, test} from "vitest"
import {stringify} from "yaml"
import {heddle, jsonOf} from "../../test/kit/cli.ts"
import type {CheckReport} from "../checks/report.ts"
import {sarifLog} from "../report/testing/sarif-schema.ts"
import {smallCluster, toAmbient} from "../testing/small-cluster.ts"

const folder = mkdtempSync(join(tmpdir(), "heddle-formats-"))
const at = (name: string) => join(folder, name)
const all = [...smallCluster, toAmbient]

beforeAll(() => {
	writeFileSync(at("all.json"), JSON.stringify({apiVersion: "v1", kind: "List", items: all}, null, 2))
	writeFileSync(at("all.yaml"), all.map((one) => stringify(one)).join("---\n"))
})
afterAll(() => rmSync(folder, {recursive: true, force: true}))

const run = (...args: string[]) => heddle(args, {cwd: folder})

/** The line of a file at which a finding's object starts. */
const lineAt = (text: string, line: number | undefined) => text.split("\n")[(line ?? 0) - 1]

describe("SARIF", () => {
	test.each(["all.json", "all.yaml"])(
		"of a plan of %s points at the file and the line of the object",
		async (file) => {
			const {stdout, code} = await run("plan", "-f", file, "-o", "sarif")
			const [made] = sarifLog(stdout).runs
			expect(code).toBe(3)
			const found = made?.results.find(({ruleId}) => ruleId === "FeatureNotSupported")
			expect(found?.level).toBe("error")
			const [place] = found?.locations ?? []
			expect(place?.logicalLocations?.map((one) => one.fullyQualifiedName)).toEqual([
				"EnvoyFilter/legacy/ratelimit",
				"Namespace/legacy",
			])
			expect(place?.physicalLocation?.artifactLocation).toEqual({uri: file, uriBaseId: "%SRCROOT%"})
			const text = (await import("node:fs")).readFileSync(at(file), "utf8")
			const startLine = place?.physicalLocation?.region?.startLine ?? 0
			expect(lineAt(text, startLine)?.trim()).toBe(
				file.endsWith("json") ? "{" : "apiVersion: networking.istio.io/v1alpha3",
			)
			expect(
				text
					.split("\n")
					.slice(startLine, startLine + 4)
					.join("\n"),
			).toContain("EnvoyFilter")
		},
	)

	test("of explain is that of one namespace", async () => {
		const {stdout, code} = await run("explain", "ready", "-f", "all.json", "-o", "sarif")
		const [made] = sarifLog(stdout).runs
		expect([code, made?.invocations[0]?.exitCode]).toEqual([0, 0])
		expect(made?.results.every(({level}) => level === "note")).toBe(true)
	})

	test("of check tells what was not run as notifications, and never as results", async () => {
		const {stdout, code} = await run("check", "-f", "all.json", "-o", "sarif")
		const [made] = sarifLog(stdout).runs
		expect(code).toBe(3)
		expect(made?.results.map(({ruleId}) => ruleId)).toContain("profile-honoured")
		const told = made?.invocations[0]?.toolExecutionNotifications?.find(
			({descriptor}) => descriptor.id === "api-reachable",
		)
		expect(told?.message.text).toBe("not run: no cluster")
		expect(made?.results.some(({ruleId}) => ruleId === "api-reachable")).toBe(false)
	})

	test("of a run that failed says why, and that it did not do its work", async () => {
		const {stdout, code} = await run("plan", "-f", "nowhere", "-o", "sarif")
		const [made] = sarifLog(stdout).runs
		expect([code, made?.results, made?.invocations[0]?.executionSuccessful]).toEqual([2, [], false])
	})
})

describe("JUnit", () => {
	test("of a plan has a case per namespace, and fails those that are not ready", async () => {
		const {stdout} = await run("plan", "-f", "all.json", "-o", "junit")
		expect(stdout).toContain('<testsuites name="heddle plan" tests="4" failures="2" errors="0">')
		expect(stdout).toContain('<failure type="Blocked"')
		expect([...stdout.matchAll(/<testcase name="([^"]+)"/g)].map(([, name]) => name)).toEqual([
			"done",
			"legacy",
			"ready",
			"risky",
		])
	})

	test("of check skips what was not run; a warning fails it only with --strict", async () => {
		const [lax, strict] = await Promise.all([
			run("check", "-f", "all.json", "-o", "junit"),
			run("check", "-f", "all.json", "-o", "junit", "--strict"),
		])
		expect(lax.stdout).toContain('<skipped message="not run: no cluster"/>')
		const failures = (text: string) => Number(/failures="(\d+)"/.exec(text)?.[1])
		expect(failures(strict.stdout)).toBeGreaterThan(failures(lax.stdout))
	})

	test("of a run that failed is one error", async () => {
		const {stdout, code} = await run("plan", "-f", "nowhere", "-o", "junit")
		expect(code).toBe(2)
		expect(stdout).toContain('errors="1"')
	})
})

test("check offline: JSON is one document, and ends as it says", async () => {
	const {stdout, code} = await run("check", "-f", "all.json", "-o", "json")
	const report = jsonOf<CheckReport>({stdout, code, stderr: ""})
	expect([report.kind, report.source, report.ok, code]).toEqual(["CheckReport", "files", false, 3])
	const live = report.checks.filter(({group}) => group === "Cluster access" || group === "Heddle")
	expect(live.map(({state}) => state)).toEqual(live.map(() => "notRun"))
})

test("check says 0 when nothing fails, and 3 with --strict where a warning does", async () => {
	writeFileSync(
		at("fine.json"),
		JSON.stringify([
			{
				apiVersion: "v1",
				kind: "Namespace",
				metadata: {name: "a", labels: {"istio-injection": "enabled", "istio.io/rev": "x"}},
			},
		]),
	)
	const [lax, strict] = await Promise.all([
		run("check", "-f", "fine.json"),
		run("check", "-f", "fine.json", "--strict"),
	])
	expect([lax.code, strict.code]).toEqual([0, 3])
	expect(lax.stdout).toContain("istio.io/rev=x is ignored")
})

test.each([
	["apply", ["apply", "--profile", "all.json", "--yes"]],
	["version", ["version"]],
])("a command that has no SARIF says so before it does anything: %s", async (_name, args) => {
	const {code, stdout} = await run(...args, "-o", "sarif")
	expect(code).toBe(2)
	expect(sarifLog(stdout).runs[0]?.invocations[0]?.toolExecutionNotifications?.[0]?.message.text).toContain(
		"does not print sarif",
	)
})

test("capabilities in every format, of all and of one", async () => {
	const [text, json, markdown, one, feature, nobody] = await Promise.all([
		heddle(["capabilities"], {env: {COLUMNS: "80"}}),
		run("capabilities", "-o", "json"),
		run("capabilities", "-o", "markdown"),
		run("capabilities", "istio-ambient"),
		run("capabilities", "httpretry", "-o", "json"),
		run("capabilities", "nobody"),
	])
	expect(Math.max(...text.stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80)
	expect(jsonOf<{dataplanes: {dataplane: string}[]}>(json).dataplanes.length).toBeGreaterThan(2)
	expect(markdown.stdout).toContain("| L7Authorization |")
	expect(one.stdout).toContain("https://")
	expect(jsonOf<{features: string[]}>(feature).features).toEqual(["HTTPRetry"])
	expect(nobody.code).toBe(2)
})
