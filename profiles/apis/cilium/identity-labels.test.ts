import {describe, expect, test} from "vitest"
import {isIdentityLabel} from "./identity-labels.ts"

describe("a label that is part of a pod's identity", () => {
	const cases: readonly (readonly [key: string, labels: string | undefined, is: boolean])[] = [
		["app", undefined, true],
		["app.kubernetes.io/name", undefined, true],
		["sidecar.istio.io/inject", undefined, true],
		["pod-template-hash", undefined, false],
		["kubernetes.io/arch", undefined, false],
		["failure-domain.beta.kubernetes.io/zone", undefined, false],
		["io.cilium.k8s.policy.serviceaccount", undefined, true],
		// One label that is asked for makes the list one of what counts.
		["app", "k8s:team", false],
		["team", "k8s:team", true],
		["io.cilium.k8s.policy.serviceaccount", "k8s:team", true],
		["sidecar.istio.io/inject", "k8s:team k8s:app", false],
		// What is left out leaves the rest as it is.
		["app", "!team", true],
		["team", "!team", false],
		["team-lead", "!team", false],
		["io.cilium.k8s.policy.serviceaccount", "!io\\.cilium\\.k8s\\.policy\\.serviceaccount", false],
		["app", "k8s:(", false],
		["app", "container:team", false],
	]
	test.each(cases)("%s with labels %s: %s", (key, labels, is) => {
		expect(isIdentityLabel(key, labels === undefined ? {} : {labels})).toBe(is)
	})

	test("is unknown where the prefixes stand in a file", () => {
		expect(isIdentityLabel("app", {"label-prefix-file": "/etc/prefixes"})).toBe(false)
	})
})
