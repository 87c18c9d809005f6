import type {MeshProfile} from "../../../crds/generated.ts"
import type {Plan, Step} from "../../../operator/plan/types.ts"
import type {Keys} from "../../../profiles/dataplane.ts"
import * as kinds from "../../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import type {PodTemplate} from "../../../profiles/snapshot/shapes.ts"
import type {Snapshot} from "../../../profiles/snapshot/snapshot.ts"

type DiffInput = {
	readonly plan: Plan
	readonly snapshot: Snapshot
	readonly profile: MeshProfile | undefined
	readonly stringify: (value: unknown) => string
}

/** Every label, annotation and object that a plan sets or removes, as a diff of YAML against what is there now. */
export function planDiff({plan, snapshot, profile, stringify}: DiffInput): readonly string[] {
	const whole = (object: object) =>
		stringify(object)
			.trimEnd()
			.split("\n")
			.map((line) => `+ ${line}`)
	const parts = plan.namespaces.flatMap(({namespace, steps}) =>
		steps.flatMap((step) => {
			if (step.manifest !== undefined) return [[title(step), ...whole(step.manifest)]]
			const {keys, object = `Namespace/${namespace}`} = step
			return keys === undefined ? [] : [[title(step), ...keyLines(object, keys, snapshot)]]
		}),
	)
	const own =
		profile === undefined ? [] : [[`  # MeshProfile/${profile.metadata.name}: new`, ...whole(profile)]]
	return [...own, ...parts].flatMap((part, index) => (index === 0 ? part : ["", ...part]))
}

const title = ({object, note}: Step) => `  # ${object ?? ""}: ${note}`

const kindsByName: ReadonlyMap<string, kinds.Kind> = new Map(
	[kinds.Namespace, kinds.Deployment, kinds.StatefulSet, kinds.DaemonSet, kinds.CronJob].map((kind) => [
		kind.kind,
		kind,
	]),
)

/** Keys of a Namespace are its own; those of a workload are on its pod template. */
function keyLines(ref: string, keys: Keys, snapshot: Snapshot): readonly string[] {
	const [kind = "", ...path] = ref.split("/")
	const name = path.at(-1) ?? ""
	const found = kindsByName.get(kind)
	const object = found && snapshot.get(found, name, path.length > 1 ? path[0] : undefined)
	if (kind === "Namespace") return mapLines(keys, object?.metadata, "  ", ["  metadata:"])
	const under =
		kind === "CronJob"
			? ["  spec:", "    jobTemplate:", "      spec:", "        template:", "          metadata:"]
			: ["  spec:", "    template:", "      metadata:"]
	const indent = kind === "CronJob" ? "          " : "      "
	return mapLines(keys, templateOf(object)?.metadata, indent, under)
}

type Spec = {
	readonly template?: PodTemplate
	readonly jobTemplate?: {readonly spec?: {readonly template?: PodTemplate}}
}

function templateOf(object: KubeObject | undefined): PodTemplate | undefined {
	const {spec} = (object ?? {}) as {readonly spec?: Spec}
	return spec?.jobTemplate?.spec?.template ?? spec?.template
}

type Now = {
	readonly labels?: Readonly<Record<string, string>>
	readonly annotations?: Readonly<Record<string, string>>
}

function mapLines(
	keys: Keys,
	now: Now | undefined,
	indent: string,
	under: readonly string[],
): readonly string[] {
	const lines = (["labels", "annotations"] as const).flatMap((field) => {
		const changed = Object.entries(keys[field]).flatMap(([key, value]) =>
			valueLines({key, before: now?.[field]?.[key], after: value, indent}),
		)
		return changed.length === 0 ? [] : [`  ${indent}${field}:`, ...changed]
	})
	return lines.length === 0 ? ["  (as it is)"] : [...under, ...lines]
}

type ValueChange = {
	readonly key: string
	readonly before: string | undefined
	readonly after: string | null
	readonly indent: string
}

function valueLines({key, before, after, indent}: ValueChange): readonly string[] {
	const line = (sign: string, value: string) => `${sign} ${indent}  ${key}: ${scalar(value)}`
	if (before === after || (after === null && before === undefined)) return []
	return [...(before === undefined ? [] : [line("-", before)]), ...(after === null ? [] : [line("+", after)])]
}

/** A string that YAML would read as something else stands in quotes. */
const scalar = (value: string) =>
	/^[A-Za-z][A-Za-z0-9./_-]*$/.test(value) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(value)
		? value
		: JSON.stringify(value)
