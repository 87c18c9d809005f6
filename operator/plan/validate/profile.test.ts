import {describe, expect, it} from "vitest"
import {validateProfile} from "./profile.ts"
import {refusedProfiles, validProfile} from "./refused.ts"

describe("a profile from a file", () => {
	it("is fine when the API server would take it", () => {
		expect(validateProfile(validProfile({}))).toEqual([])
	})

	it("may use every field", () => {
		const full = validProfile({
			priority: 100,
			dataplane: {mode: "Wasm", provider: "istio-sidecar", revision: "1-31-1"},
			requires: ["HTTPRetry"],
			mtls: "Strict",
			extensions: [
				{
					name: "audit",
					url: "oci://ghcr.io/acme/audit:1",
					sha256: "0".repeat(64),
					phase: "Authz",
					config: {deep: [1]},
					selector: {matchLabels: {app: "cart"}},
				},
			],
			runtime: {dapr: {enabled: true}, wasm: {runtimeClassName: "wasmedge"}},
			migration: {
				approval: "Manual",
				waves: {maxConcurrentWorkloads: 3, soak: "1m30s"},
				gates: {
					successRate: {minPercent: 99.9, minRequests: 200},
					latencyP99: {maxIncreasePercent: 25},
					prometheus: {address: "http://prometheus:9090"},
				},
				onFailure: "Hold",
				accept: ["SingleReplica"],
			},
			deletionPolicy: "Restore",
			paused: true,
		})
		expect(validateProfile(full)).toEqual([])
	})

	it.each(refusedProfiles)("is refused: $why", ({profile, field}) => {
		const problems = validateProfile(profile)
		expect(problems.map((one) => one.field)).toContain(field)
		for (const {message, fix} of problems) expect([message, fix]).not.toContain("")
	})

	it("is refused at each wrong field, not only at the first", () => {
		const twice = validProfile({dataplane: {mode: "Sideways"}, mtls: "Sometimes"})
		expect(validateProfile(twice).map(({field}) => field)).toEqual(["spec.dataplane.mode", "spec.mtls"])
	})

	it.each([[null], ["text"], [[]], [7], [{}], [undefined]])(
		"is refused when it is %j, and nothing is thrown",
		(value) => {
			expect(validateProfile(value).length).toBeGreaterThan(0)
		},
	)
})
