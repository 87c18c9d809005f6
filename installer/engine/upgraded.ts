import {gt, lt} from "semver"
import {invalidInput} from "../abort.ts"
import {checkedArgs} from "../infra/recipe.ts"
import {namedComponents} from "./answers.ts"
import type {ComponentName} from "./component-names.ts"
import type {Installation} from "./installation.ts"
import {type Args, recipes} from "./recipes.ts"

type Wish = {
	/** Empty for all that is installed. */
	readonly names: readonly string[]
	/** The version to go to; that of this Heddle when left out. */
	readonly to?: string | undefined
	/** Revisions of Istio that pods still use; all of them while that is unknown. */
	readonly inUse: ReadonlySet<string>
}

type Plane = {readonly version: string; readonly revision: string}

/**
 * The installation at newer versions. Istio's control planes with revisions get a new one beside them; the old stays
 * until no pod uses it, and the next upgrade removes it then.
 * @throws AbortError when it would go back, or several components were given one version
 */
export function upgraded(installation: Installation, {names, to, inUse}: Wish): Installation {
	const installed = Object.keys(installation.spec.components) as ComponentName[]
	const chosen = names.length === 0 ? installed : namedComponents(names)
	if (to !== undefined && names.length !== 1)
		throw invalidInput("--to is the version of one component", {
			tryMessage: "Name that component: heddle upgrade istio-ambient --to 1.31.1.",
		})
	const next = chosen.map((name) => {
		const given = installation.spec.components[name]
		if (given === undefined)
			throw invalidInput(`${name} is not part of the release ${installation.metadata.name}`, {
				tryMessage: `It has ${installed.join(", ") || "nothing"}.`,
			})
		return [name, newer(name, given, {to, inUse})] as const
	})
	return {
		...installation,
		spec: {
			...installation.spec,
			components: {...installation.spec.components, ...Object.fromEntries(next)},
		},
	}
}

function newer(name: ComponentName, given: Args, {to, inUse}: Pick<Wish, "to" | "inUse">): Args {
	const now = checkedArgs(recipes[name], name, given) as Args
	if (now.version === undefined) return given
	const {version: _old, ...rest} = given
	const standard = checkedArgs(recipes[name], name, rest) as Args
	const [from, target] = [String(now.version), to ?? String(standard.version)]
	if (to !== undefined && lt(to, from))
		throw invalidInput(`${name} is ${from}; ${to} would be a downgrade`, {
			tryMessage:
				"Control planes store what older ones cannot read. Install the older one in a new revision.",
		})
	const version = gt(target, from) ? target : from
	return name === "istio-sidecar" || name === "istio-ambient"
		? nextRevision({...given, version: from}, now as Plane & Args, {version, inUse})
		: {...given, version}
}

const named = (version: string) => version.replaceAll(".", "-")

function nextRevision(
	given: Args,
	now: Plane & Args,
	{version, inUse}: {version: string; inUse: ReadonlySet<string>},
): Args {
	const {keep: _kept, ...own} = given
	const kept = (now.keep as readonly Plane[]).filter(({revision}) => inUse.has(revision))
	// Without a revision of its own it is upgraded in place, as it was installed.
	if (version === now.version || now.revision === "default") return {...own, version, ...keeping(kept)}
	const old = {version: now.version, revision: now.revision}
	const all = inUse.has(old.revision) ? [...kept, old] : kept
	return {...own, version, revision: named(version), ...keeping(all)}
}

const keeping = (keep: readonly Plane[]) => (keep.length === 0 ? {} : {keep})
