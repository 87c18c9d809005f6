import {describe, expect, it} from "vitest"
import {dataplaneNamed, dataplanes} from "../../profiles/registry.ts"
import {snapshotOf} from "../../profiles/snapshot/snapshot.ts"
import {declared, keysToChange, type Present, withKeys} from "./enrolment.ts"
import {clusterFacts, type Installed} from "./facts.ts"
import {controlPlanes, nodes} from "./testing/cluster.ts"

const objects = [
	...nodes(),
	...controlPlanes.istio(),
	...controlPlanes["istio-1-30"](),
	...controlPlanes.ambient(),
]
const {installed} = clusterFacts(snapshotOf(objects), dataplanes)

function target(name: string, revision = "default"): Installed {
	const found = installed.find(
		({dataplane, installation}) => dataplane.name === name && installation.revision === revision,
	)
	if (found === undefined) throw new Error(`${name} ${revision} is not installed`)
	return found
}

const template = (to: Installed, present: Present, there = installed) =>
	keysToChange({
		level: "template",
		present,
		target: to,
		dataplanes,
		installed: new Set(there.map(({dataplane}) => dataplane.name)),
	})

describe("the keys of a pod template", () => {
	it("enrol and opt out of the others in one patch", () => {
		expect(template(target("istio-ambient"), {}).labels).toEqual({
			"istio.io/dataplane-mode": "ambient",
			"sidecar.istio.io/inject": "false",
		})
	})

	it("say nothing of a dataplane that is neither installed nor marked", () => {
		const only = [target("istio-sidecar")]
		expect(template(target("istio-sidecar"), {}, only).labels).toEqual({"sidecar.istio.io/inject": "true"})
	})

	it("opt out of a dataplane that left its mark, though it is not installed", () => {
		const only = [target("istio-sidecar")]
		const keys = template(target("istio-sidecar"), {labels: {"istio.io/dataplane-mode": "ambient"}}, only)
		expect(keys.labels).toEqual({"istio.io/dataplane-mode": "none", "sidecar.istio.io/inject": "true"})
	})

	it("take away what tuned the dataplane that is left, and leave everything else", () => {
		const present = {
			labels: {app: "cart"},
			annotations: {"sidecar.istio.io/proxyCPU": "100m", "example.com/mine": "1"},
		}
		expect(template(target("istio-ambient"), present).annotations).toEqual({
			"sidecar.istio.io/proxyCPU": null,
		})
	})

	it("are none once they stand there", () => {
		for (const to of installed) {
			const present = withKeys({labels: {app: "cart"}}, template(to, {}))
			expect(template(to, present)).toEqual({labels: {}, annotations: {}})
		}
	})
})

describe("what new pods are given to", () => {
	const cases: readonly {is: string; namespace?: Present; template?: Present; to: readonly string[]}[] = [
		{is: "nobody, without a label", to: []},
		{
			is: "the default revision, by injection",
			namespace: {labels: {"istio-injection": "enabled"}},
			to: ["default"],
		},
		{is: "a revision, by its label", namespace: {labels: {"istio.io/rev": "1-30"}}, to: ["1-30"]},
		{
			is: "nobody, when the template opts out",
			namespace: {labels: {"istio-injection": "enabled"}},
			template: {labels: {"sidecar.istio.io/inject": "false"}},
			to: [],
		},
		{
			is: "the default revision, by the template alone",
			template: {labels: {"sidecar.istio.io/inject": "true"}},
			to: ["default"],
		},
		{
			is: "the revision that the template names",
			template: {labels: {"sidecar.istio.io/inject": "true", "istio.io/rev": "1-30"}},
			to: ["1-30"],
		},
	]

	it.each(cases)("is $is", ({namespace = {}, template: own = {}, to}) => {
		const sidecars = installed.filter(({dataplane}) => dataplane === dataplaneNamed("istio-sidecar"))
		expect(declared(namespace, own, sidecars).map(({installation}) => installation.revision)).toEqual(to)
	})
})

describe("keys that Kmesh and ambient share", () => {
	const all = clusterFacts(snapshotOf([...objects, ...controlPlanes.kmesh()]), dataplanes).installed
	const of = (name: string): Installed => {
		const found = all.find(({dataplane}) => dataplane.name === name)
		if (found === undefined) throw new Error(`${name} is not installed`)
		return found
	}
	const labels = {"istio.io/dataplane-mode": "kmesh", "istio.io/use-waypoint": "waypoint"}
	const change = (to: string, present: Present) =>
		keysToChange({
			level: "namespace",
			present,
			target: of(to),
			dataplanes,
			installed: new Set(all.map(({dataplane}) => dataplane.name)),
		}).labels

	it("hold one value, which is the target's, and keep the waypoint", () => {
		expect(change("istio-ambient", {labels})).toEqual({"istio.io/dataplane-mode": "ambient"})
		expect(change("kmesh", {labels: {...labels, "istio.io/dataplane-mode": "ambient"}})).toEqual({
			"istio.io/dataplane-mode": "kmesh",
		})
	})

	it("go when neither is the target", () => {
		expect(change("none", {labels})).toEqual({"istio.io/dataplane-mode": null, "istio.io/use-waypoint": null})
	})
})

describe("a value in another case", () => {
	const there = clusterFacts(
		snapshotOf([...nodes(), ...controlPlanes["istio-1-25"](), ...controlPlanes.kmesh()]),
		dataplanes,
	).installed
	const names = (value: string) =>
		declared({labels: {"istio.io/dataplane-mode": value}}, {}, there).map(({dataplane}) => dataplane.name)

	it("enrols in Kmesh, whose own guide writes it so, and not in ambient", () => {
		expect(names("Kmesh")).toEqual(["kmesh"])
		expect(names("Ambient")).toEqual([])
	})
})
