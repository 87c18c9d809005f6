import {expect, test} from "vitest"
import type {Installation} from "./installation.ts"
import {emptyInstallation} from "./installation.ts"
import {upgraded} from "./upgraded.ts"

const installation = (components: object): Installation => ({
	...emptyInstallation("test"),
	spec: {components: components as never, profiles: []},
})
const nobody: ReadonlySet<string> = new Set()
const upgrade = (args: object, to: string | undefined, inUse: readonly string[] = []) =>
	upgraded(installation({"istio-sidecar": args}), {names: ["istio-sidecar"], to, inUse: new Set(inUse)}).spec
		.components["istio-sidecar"]

test("a revision in use stays beside the new one, and one that nobody uses goes", () => {
	const old = {version: "1.30.5", revision: "1-30-5"}
	expect(upgrade(old, "1.31.1", ["1-30-5"])).toEqual({version: "1.31.1", revision: "1-31-1", keep: [old]})
	expect(upgrade(old, "1.31.1")).toEqual({version: "1.31.1", revision: "1-31-1"})
})

test("the next upgrade removes what was kept once no pod uses it", () => {
	const now = {version: "1.31.1", revision: "1-31-1", keep: [{version: "1.30.5", revision: "1-30-5"}]}
	expect(upgrade(now, "1.31.1", ["1-30-5", "1-31-1"])).toEqual(now)
	expect(upgrade(now, "1.31.1", ["1-31-1"])).toEqual({version: "1.31.1", revision: "1-31-1"})
})

test("without a revision of its own a control plane is upgraded in place", () => {
	expect(upgrade({version: "1.31.0"}, "1.31.1", ["default"])).toEqual({version: "1.31.1"})
})

test("without --to components go to this Heddle's versions, and never back", () => {
	const result = upgraded(
		installation({dapr: {version: "1.18.0"}, operator: {}, kmesh: {version: "1.2.9"}}),
		{
			names: [],
			inUse: nobody,
		},
	)
	expect(result.spec.components).toEqual({dapr: {version: "1.18.3"}, operator: {}, kmesh: {version: "1.2.9"}})
})

test.each([
	["a downgrade", {names: ["dapr"], to: "1.18.0"}, /dapr is 1\.18\.3; 1\.18\.0 would be a downgrade/],
	["one version for several", {names: [], to: "1.18.9"}, /--to is the version of one component/],
	["what is not installed", {names: ["cilium"]}, /cilium is not part of the release test/],
	["what there is not", {names: ["istio"]}, /there is no component istio/],
])("%s is refused", (_name, wish, message) => {
	const now = installation({dapr: {version: "1.18.3"}})
	expect(() => upgraded(now, {inUse: nobody, ...wish})).toThrow(message)
})
