import fc from "fast-check"
import {describe, expect, it} from "vitest"
import {profileReasons} from "../../profiles/reasons.ts"
import {dataplanes} from "../../profiles/registry.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import type {Deployment, Namespace} from "../../profiles/snapshot/shapes.ts"
import {snapshotOf} from "../../profiles/snapshot/snapshot.ts"
import {declared, noKeys} from "./enrolment.ts"
import {clusterFacts} from "./facts.ts"
import {plan, planNamespace} from "./plan.ts"
import {planReasons} from "./reasons.ts"
import {type World, world} from "./testing/arbitrary.ts"
import {applyStep} from "./testing/simulate.ts"
import type {NamespacePlan} from "./types.ts"

const catalogue: Readonly<Record<string, {severity: string}>> = {...profileReasons, ...planReasons}

const everything = Object.keys(catalogue)

function planOf({objects, profiles}: World, accept: readonly string[] = []): NamespacePlan {
	const [first] = plan({snapshot: snapshotOf(objects), profiles, dataplanes, accept}).namespaces
	if (first === undefined) throw new Error("the namespace is not planned")
	return first
}

const isMade = ({verdict}: NamespacePlan): boolean => verdict === "Ready" || verdict === "UpToDate"

describe("a plan, for any namespace", () => {
	it("is the same whatever the order of the objects", () => {
		fc.assert(
			fc.property(world, fc.infiniteStream(fc.nat()), (one, ranks) => {
				const shuffled = one.objects
					.map((object) => ({object, rank: ranks.next().value}))
					.sort((a, b) => a.rank - b.rank)
					.map(({object}) => object)
				expect(planOf({...one, objects: shuffled})).toEqual(planOf(one))
			}),
		)
	})

	it("is the same from the whole cluster and for one namespace", () => {
		fc.assert(
			fc.property(world, (one) => {
				const snapshot = snapshotOf(one.objects)
				const facts = clusterFacts(snapshot, dataplanes)
				const {profiles} = one
				expect(planNamespace({snapshot, profiles, dataplanes, facts, namespace: "shop"})).toEqual(planOf(one))
			}),
		)
	})

	it("leads to a namespace that is up to date once its steps are carried out", () => {
		fc.assert(
			fc.property(world, (one) => {
				const made = planOf(one, everything)
				fc.pre(isMade(made))
				const objects = made.steps.reduce(applyStep, one.objects)
				const next = planOf({...one, objects}, everything)
				expect({
					verdict: next.verdict,
					steps: next.steps,
					workloads: next.workloads.filter(({action}) => action !== "Skip"),
				}).toEqual({
					verdict: "UpToDate",
					steps: [],
					workloads: [],
				})
				expect(next.to).toEqual(made.to)
			}),
		)
	})

	it("never leaves a template that it wrote open to two dataplanes", () => {
		fc.assert(
			fc.property(world, (one) => {
				const made = planOf(one, everything)
				let objects: readonly KubeObject[] = one.objects
				for (const step of made.steps) {
					objects = applyStep(objects, step)
					if (step.action === "Roll")
						expect(homesOf(objects, step.object ?? "")).toHaveLength(made.to?.dataplane === "none" ? 0 : 1)
				}
			}),
		)
	})

	it("is refused for as long as one reason refuses, whatever is accepted", () => {
		fc.assert(
			fc.property(world, (one) => {
				const refused = planOf(one).reasons.some(({severity}) => severity === "block")
				const made = planOf(one, everything)
				if (refused) expect(made).toMatchObject({verdict: "Blocked", steps: []})
				else expect(made.verdict).not.toBe("NeedsAcceptance")
			}),
		)
	})

	it("has the verdict that its reasons and its steps give it", () => {
		fc.assert(
			fc.property(world, (one) => {
				const {verdict, reasons, steps, to} = planOf(one)
				const has = (severity: string) => reasons.some((reason) => reason.severity === severity)
				const expected = has("block")
					? "Blocked"
					: has("accept")
						? "NeedsAcceptance"
						: steps.length > 0
							? "Ready"
							: "UpToDate"
				expect(verdict).toBe(expected)
				if (to === null) expect(has("block")).toBe(true)
			}),
		)
	})

	it("gives only reasons of the catalogue, each with the severity that stands there", () => {
		fc.assert(
			fc.property(world, (one) => {
				for (const {code, severity} of planOf(one).reasons) expect(catalogue[code]?.severity).toBe(severity)
			}),
		)
	})

	it("names each step once, and in the same way when it is made in the middle of the migration", () => {
		fc.assert(
			fc.property(world, fc.nat(20), (one, stop) => {
				const made = planOf(one, everything)
				// Pods that no label accounts for do not stay: the agent takes them out at the next change of the namespace.
				const touched = applyStep(one.objects, touch)
				fc.pre(placesOf(planOf({...one, objects: touched}, everything)) === placesOf(made))
				const ids = made.steps.map(({id}) => id)
				expect(new Set(ids).size).toBe(ids.length)
				const objects = made.steps.slice(0, stop).reduce(applyStep, one.objects)
				const rolls = (plan: NamespacePlan) =>
					plan.steps.filter(({action}) => action === "Roll").map(({id}) => id)
				for (const id of rolls(planOf({...one, objects}, everything))) expect(ids).toContain(id)
			}),
		)
	})
})

/** A change of the namespace that changes nothing. */
const touch = {id: "touch", action: "Apply", object: "Namespace/shop", note: "", keys: noKeys} as const

const placesOf = ({workloads}: NamespacePlan): string =>
	workloads.map(({ref, from}) => `${ref} ${from}`).join(", ")

/** The dataplanes that new pods of a workload would be given to. */
function homesOf(objects: readonly KubeObject[], ref: string): readonly string[] {
	const [kind, , name] = ref.split("/")
	const namespace = objects.find(
		(one): one is Namespace => one.kind === "Namespace" && one.metadata.name === "shop",
	)
	const owner = objects.find((one): one is Deployment => one.kind === kind && one.metadata.name === name)
	const {installed} = clusterFacts(snapshotOf(objects), dataplanes)
	const homes = declared(namespace?.metadata ?? {}, owner?.spec?.template?.metadata ?? {}, installed)
	return [...new Set(homes.map(({dataplane}) => dataplane.name).filter((one) => one !== "none"))]
}
