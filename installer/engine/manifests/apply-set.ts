import {createHash} from "node:crypto"
import {stringify} from "yaml"
import {labels, managedBy} from "../../../operator/api/names.ts"
import type {Manifest} from "../../infra/manifest.ts"
import {groupKindOf} from "../../infra/manifest.ts"
import type {Installation} from "../installation.ts"

/*
 * An ApplySet as KEP-3659 has it: a parent object names the kinds and namespaces of its members, and every member
 * carries the set's id. So any tool can list what belongs together, and what a later version no longer has is pruned.
 */

export const partOf = "applyset.kubernetes.io/part-of"
const idLabel = "applyset.kubernetes.io/id"
const kindsAnnotation = "applyset.kubernetes.io/contains-group-kinds"
const namespacesAnnotation = "applyset.kubernetes.io/additional-namespaces"
const toolingAnnotation = "applyset.kubernetes.io/tooling"
const tooling = "heddle/v0.1.0"

/** Where the record of every installation is. */
export const home = "heddle-system"

export type ApplySet = {readonly release: string; readonly name: string; readonly id: string}

export function applySetOf(release: string): ApplySet {
	const name = `heddle-install-${release}`
	// Name, namespace, kind and group of the parent: nobody can claim the members of another's set.
	const hash = createHash("sha256").update([name, home, "ConfigMap", ""].join(".")).digest("base64url")
	return {release, name, id: `applyset-${hash}-v1`}
}

/** The object as a member of the set. */
export function asMember(object: Manifest, {id}: ApplySet): Manifest {
	const {metadata} = object
	return {...object, metadata: {...metadata, labels: {...metadata.labels, [partOf]: id}}}
}

export const isMember = ({metadata}: Manifest, {id}: ApplySet) => metadata.labels?.[partOf] === id

/** What the parent says of its members; both lists are sorted. */
export type Contents = {readonly kinds: readonly string[]; readonly namespaces: readonly string[]}

export function contentsOf(objects: readonly Manifest[]): Contents {
	const spaces = objects.map(({metadata}) => metadata.namespace).filter((name) => name !== undefined)
	return {
		kinds: [...new Set(objects.map(groupKindOf))].sort(),
		namespaces: [...new Set(spaces)].filter((name) => name !== home).sort(),
	}
}

/** Both together: a member has to be found from the moment on in which it may be there. */
export function joined(a: Contents, b: Contents): Contents {
	const both = (x: readonly string[], y: readonly string[]) => [...new Set([...x, ...y])].sort()
	return {kinds: both(a.kinds, b.kinds), namespaces: both(a.namespaces, b.namespaces)}
}

const installationKey = "installation.yaml"

/** Names the parent, for looking it up. */
export const parentRef = ({name}: ApplySet): Manifest => ({
	apiVersion: "v1",
	kind: "ConfigMap",
	metadata: {name, namespace: home},
})

export function parentOf(set: ApplySet, contents: Contents, installation: Installation): Manifest {
	const {name, id} = set
	return {
		...parentRef(set),
		metadata: {
			name,
			namespace: home,
			labels: {[idLabel]: id, [labels.managedBy]: managedBy},
			annotations: {
				[toolingAnnotation]: tooling,
				[kindsAnnotation]: contents.kinds.join(","),
				[namespacesAnnotation]: contents.namespaces.join(","),
			},
		},
		data: {[installationKey]: stringify(installation, {aliasDuplicateObjects: false, lineWidth: 0})},
	}
}

export function contentsIn(parent: Manifest | undefined): Contents {
	const listed = (key: string) =>
		(parent?.metadata.annotations?.[key] ?? "").split(",").filter((entry) => entry !== "")
	return {kinds: listed(kindsAnnotation), namespaces: listed(namespacesAnnotation)}
}

/** The tool that keeps the set, when it is another one than Heddle; it is to be left alone then. */
export function otherTool(parent: Manifest | undefined): string | undefined {
	const tool = parent?.metadata.annotations?.[toolingAnnotation]
	return tool === undefined || tool.startsWith("heddle/") ? undefined : tool
}

/** The installation that a parent records, as YAML. */
export function recordedIn(parent: Manifest | undefined): string | undefined {
	const data = parent?.data as Readonly<Record<string, string>> | undefined
	return data?.[installationKey]
}

export const leaseName = ({name}: ApplySet) => name
