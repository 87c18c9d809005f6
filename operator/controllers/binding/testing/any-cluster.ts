import fc from "fast-check"
import type {MeshProfile} from "../../../../crds/generated.ts"
import {profileReasons} from "../../../../profiles/reasons.ts"
import {planReasons} from "../../../plan/reasons.ts"
import {type World, world} from "../../../plan/testing/arbitrary.ts"
import {SimCluster} from "./cluster.ts"
import {profileOf} from "./scenes.ts"

const accept = Object.keys({...profileReasons, ...planReasons})

const accepting = (one: MeshProfile): MeshProfile =>
	profileOf({...one, spec: {...one.spec, migration: {...one.spec.migration, accept}}})

const told = ({objects, profiles}: World): string =>
	fc.stringify({
		objects: objects.filter(({kind, metadata}) => metadata.namespace === "shop" && kind !== "Pod"),
		labels: objects.find(({metadata}) => metadata.name === "shop")?.metadata.labels,
		profiles,
	})

/** A namespace of any kind, by a profile that accepts every risk that can be accepted. Clone it before it lives. */
export const anyCluster: fc.Arbitrary<{readonly start: SimCluster}> = world.map((made) => ({
	start: new SimCluster([...made.objects, ...made.profiles.map(accepting)]),
	[fc.toStringMethod]: () => told(made),
}))

/** The same cases every time; PROPERTY_RUNS looks at more of them, PROPERTY_SEED at others. */
export const seeded = (numRuns: number) => ({
	seed: Number(process.env.PROPERTY_SEED ?? 20260101),
	numRuns: Number(process.env.PROPERTY_RUNS ?? numRuns),
})
