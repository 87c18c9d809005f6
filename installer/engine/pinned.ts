import type {ComponentName} from "./component-names.ts"
import type {Installation} from "./installation.ts"
import type {Args} from "./recipes.ts"

/**
 * The installation with the versions that it stands for written down: what is recorded today means the same to a later
 * Heddle, whose standard versions are newer.
 */
export function withVersions(
	installation: Installation,
	completed: ReadonlyMap<ComponentName, Args>,
): Installation {
	const pinned = Object.entries(installation.spec.components).map(([name, given]) => {
		const version = completed.get(name as ComponentName)?.version
		return [name, {...given, ...(version === undefined ? {} : {version})}]
	})
	return {...installation, spec: {...installation.spec, components: Object.fromEntries(pinned)}}
}
