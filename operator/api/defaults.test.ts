import {readFileSync} from "node:fs"
import {describe, expect, test} from "vitest"
import {parse} from "yaml"
import {
	bindingDefaults,
	defaultedBindingSpec,
	defaultedProfileSpec,
	durationMs,
	profileDefaults,
} from "./defaults.ts"

type Schema = {
	readonly default?: unknown
	readonly properties?: Record<string, Schema>
	readonly items?: Schema
}

/** Every default of a CRD's spec but those that are objects, by the name of its field. */
function defaultsIn(schema: Schema): Record<string, unknown> {
	const found: Record<string, unknown> = schema.items === undefined ? {} : defaultsIn(schema.items)
	for (const [name, property] of Object.entries(schema.properties ?? {})) {
		if (property.default !== undefined && typeof property.default !== "object") found[name] = property.default
		Object.assign(found, defaultsIn(property))
	}
	return found
}

function specOf(plural: string): Schema {
	const crd = parse(readFileSync(new URL(`../../crds/heddle.dev_${plural}.yaml`, import.meta.url), "utf8"))
	return crd.spec.versions[0].schema.openAPIV3Schema.properties.spec
}

test("the defaults are those of the CRDs", () => {
	// Dapr is off unless asked for, and a target is a Gateway, with or without the field.
	const {enabled, kind, ...profile} = defaultsIn(specOf("meshprofiles"))
	expect({enabled, kind}).toEqual({enabled: false, kind: "Gateway"})
	expect(profile).toEqual(profileDefaults)
	expect(defaultsIn(specOf("meshbindings"))).toEqual(bindingDefaults)
})

test("what is given stays, what is left out is filled in", () => {
	const extension = {name: "audit", url: "oci://x", sha256: "0".repeat(64), phase: "Authz"} as const
	const spec = {
		namespaceSelector: {matchLabels: {team: "a"}},
		dataplane: {mode: "Wasm"},
		priority: 7,
		extensions: [extension],
		migration: {waves: {soak: "5m"}, accept: ["X"]},
	} as const
	expect(defaultedProfileSpec(spec)).toEqual({
		...spec,
		deletionPolicy: "Retain",
		paused: false,
		extensions: [{...extension, failurePolicy: "Fail", rollout: "Canary"}],
		migration: {
			approval: "Automatic",
			onFailure: "RollBack",
			accept: ["X"],
			waves: {maxConcurrentWorkloads: 1, soak: "5m"},
		},
	})
	expect(defaultedBindingSpec({approved: 3})).toEqual({approved: 3, hold: false, target: "Desired"})
	expect(defaultedBindingSpec()).toEqual(bindingDefaults)
})

describe("durations", () => {
	const cases: readonly (readonly [string, number | undefined])[] = [
		["60s", 60_000],
		["1m30s", 90_000],
		["1.5h", 5_400_000],
		["250ms", 250],
		["", undefined],
		["60", undefined],
		["1 m", undefined],
		["-5s", undefined],
	]
	for (const [text, ms] of cases)
		test(`${JSON.stringify(text)} is ${ms ?? "none"}`, () => expect(durationMs(text)).toBe(ms))
})
