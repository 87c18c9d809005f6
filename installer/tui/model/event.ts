import type {MeshProfile} from "../../../crds/generated.ts"
import type {NamespacePlan, Plan} from "../../../operator/plan/types.ts"
import type {InstallEvent} from "../../engine/events.ts"
import type {KeyName} from "../keys/map.ts"
import type {
	Binding,
	Check,
	Choice,
	Cluster,
	Component,
	Extent,
	Link,
	Look,
	Module,
	Plane,
	Problem,
} from "./state.ts"
import type {RowChange} from "./table.ts"

/** Everything that can happen to the state: a person's key, or what an effect found out. */
export type Event =
	| {readonly type: "key"; readonly key: KeyName; readonly text: string; readonly extent: Extent}
	| {readonly type: "pasted"; readonly text: string}
	| {readonly type: "tick"; readonly now: number}
	| {readonly type: "choices"; readonly choices: readonly Choice[]; readonly problem?: Problem}
	| {readonly type: "cluster"; readonly cluster: Cluster}
	| {readonly type: "link"; readonly link: Exclude<Link, {state: "lost"}> | {state: "lost"; why: string}}
	| {readonly type: "check"; readonly check: Check}
	| {readonly type: "discovered"}
	| {
			readonly type: "facts"
			readonly planes: readonly Plane[]
			readonly profiles: readonly MeshProfile[]
			readonly modules: readonly Module[]
			readonly nodes: number
	  }
	| {readonly type: "components"; readonly components: readonly Component[]}
	| {readonly type: "looked"; readonly key: string; readonly look: Look}
	| ({readonly type: "rows"} & RowChange)
	| {readonly type: "explained"; readonly plan: NamespacePlan}
	| {readonly type: "planned"; readonly plan: Plan; readonly diff: readonly string[]; readonly yaml?: string}
	| {readonly type: "bindings"; readonly bindings: readonly Binding[]}
	| {readonly type: "samples"; readonly ready: Readonly<Record<string, number>>}
	| {readonly type: "started"; readonly namespaces: readonly string[]}
	| {readonly type: "told"; readonly text: string}
	| {readonly type: "saved"; readonly path: string; readonly text: string}
	| {readonly type: "failed"; readonly problem: Problem}
	| {readonly type: "flow"; readonly event: InstallEvent}
	/** Everything that would change has been told, and waits for a yes. */
	| {readonly type: "asked"; readonly question: string}
	| {
			readonly type: "job-ended"
			readonly ok: boolean
			readonly problem?: Problem
			/** The sandbox that runs now. */
			readonly choice?: Choice
	  }
	| {readonly type: "interrupt"}
