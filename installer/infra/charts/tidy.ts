import {parseYaml} from "../../input/yaml.ts"
import {withoutControllersFields} from "../drift/rules.ts"
import type {Manifest} from "../manifest.ts"
import {isDefinition} from "../manifest.ts"
import {inNamespace} from "../scope.ts"

const hook = "helm.sh/hook"

/** Hooks that belong to an installation; all others run at another time, or are tests. */
const installing: ReadonlySet<string> = new Set([
	"pre-install",
	"post-install",
	"pre-upgrade",
	"post-upgrade",
	"crd-install",
])

/** The second is that of its experiments. */
const gatewayApiGroups: ReadonlySet<string> = new Set([
	"gateway.networking.k8s.io",
	"gateway.networking.x-k8s.io",
])

/**
 * The objects of what `helm template` printed, as they are to be applied: hooks that install kept as plain objects,
 * namespaces filled in. The Gateway API's CRDs have one owner, the component GatewayApi: two versions would fight.
 */
export function tidy(text: string, namespace: string, origin: string): Manifest[] {
	const objects = objectsOf(text, origin).filter(
		(one) => installs(one) && !gatewayApiGroups.has(definedGroup(one) ?? ""),
	)
	return inNamespace(objects.map(withoutHooks).map(withoutControllersFields), namespace)
}

/** The objects of YAML text: lists taken apart, and what only an API server writes left out. */
export function objectsOf(text: string, origin: string): Manifest[] {
	return parseYaml(text, origin)
		.map(({value}) => value)
		.filter(isObject)
		.flatMap(members)
		.map(withoutNoise)
}

function isObject(value: unknown): value is Manifest {
	return typeof value === "object" && value !== null && "kind" in value && "apiVersion" in value
}

function members(object: Manifest): Manifest[] {
	if (!object.kind.endsWith("List") || !Array.isArray(object.items)) return [object]
	return object.items.filter(isObject)
}

function installs({metadata}: Manifest): boolean {
	const phases = metadata.annotations?.[hook]
	return phases === undefined || phases.split(",").some((phase) => installing.has(phase.trim()))
}

/** The group that a CRD defines; undefined for any other object. */
function definedGroup(object: Manifest): string | undefined {
	return isDefinition(object) ? (object.spec as {readonly group?: string} | undefined)?.group : undefined
}

function withoutNoise({status: _status, ...object}: Manifest): Manifest {
	const {creationTimestamp: _time, ...metadata} = object.metadata
	return {...object, metadata} as Manifest
}

function withoutHooks(object: Manifest): Manifest {
	const {annotations, ...metadata} = object.metadata
	const kept = Object.entries(annotations ?? {}).filter(([key]) => !key.startsWith(hook))
	return {
		...object,
		metadata: {...metadata, ...(kept.length === 0 ? {} : {annotations: Object.fromEntries(kept)})},
	}
}
