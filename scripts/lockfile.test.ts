import {expect, test} from "vitest"
import {type Lock, problemsOf, repaired} from "./lockfile.ts"

const none: ReadonlySet<string> = new Set()

const incomplete: Lock = {
	packages: {
		"": {},
		"node_modules/tool": {
			version: "1.0.0",
			dev: true,
			resolved: "https://registry.example/tool.tgz",
			optionalDependencies: {"@tool/cli-darwin-arm64": "1.0.0", "@tool/cli-linux-x64-musl": "1.0.0"},
		},
	},
}

test("download addresses and absent platforms are problems", () => {
	expect(problemsOf(incomplete, none)).toEqual([
		"node_modules/tool holds a download address",
		"node_modules/@tool/cli-darwin-arm64 is optional, but not in the lock",
		"node_modules/@tool/cli-linux-x64-musl is optional, but not in the lock",
	])
})

test("a repaired lock has none, and names the platform of each package", () => {
	const lock = repaired(incomplete)
	expect(problemsOf(lock, none)).toEqual([])
	expect(lock.packages["node_modules/@tool/cli-linux-x64-musl"]).toEqual({
		version: "1.0.0",
		cpu: ["x64"],
		dev: true,
		libc: ["musl"],
		optional: true,
		os: ["linux"],
	})
})

test("an optional package that npm nested is found", () => {
	const nested: Lock = {
		packages: {
			"node_modules/a/node_modules/tool": {
				version: "1.0.0",
				optionalDependencies: {"tool-linux-x64": "1.0.0"},
			},
			"node_modules/a/node_modules/tool-linux-x64": {version: "1.0.0"},
		},
	}
	expect(problemsOf(nested, none)).toEqual([])
})

test("a script at install has to be reviewed by name", () => {
	const lock: Lock = {packages: {"node_modules/native": {version: "1.0.0", hasInstallScript: true}}}
	expect(problemsOf(lock, none)).toEqual([
		expect.stringContaining("node_modules/native runs a script when installed"),
	])
	expect(problemsOf(lock, new Set(["native"]))).toEqual([])
})

test("a package whose platform its name does not tell is left to a person", () => {
	const odd: Lock = {
		packages: {"node_modules/a": {version: "1.0.0", optionalDependencies: {mystery: "1.0.0"}}},
	}
	expect(() => repaired(odd)).toThrow("add it to package-lock.json by hand")
})
