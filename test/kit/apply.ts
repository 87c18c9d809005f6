import {readFileSync} from "node:fs"
import {resolve} from "node:path"
import {parseAllDocuments} from "yaml"
import {MeshBinding, MeshProfile} from "../../operator/api/kinds.ts"
import type {FieldManager} from "../../operator/api/names.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import type {World} from "./open-world.ts"
import {waitFor} from "./wait.ts"

/** Whoever applies in a test is a person with kubectl, and none of Heddle's own managers. */
const person = "kubectl" as FieldManager

/** Objects of YAML documents, one after the other in their order. */
function objectsOf(yaml: string): KubeObject[] {
	return parseAllDocuments(yaml).map((document) => {
		if (document.errors[0]) throw document.errors[0]
		return document.toJS() as KubeObject
	})
}

/** Server-Side Apply of an object, or of the objects of YAML text. Returns the last as the API server stored it. */
export async function apply(world: World, what: KubeObject | string): Promise<KubeObject> {
	let stored: KubeObject | undefined
	for (const object of typeof what === "string" ? objectsOf(what) : [what]) {
		stored = await world.client.apply(object, {manager: person})
	}
	if (!stored) throw new Error("nothing to apply")
	return stored
}

const crds = [MeshProfile, MeshBinding].map((kind) => ({
	kind,
	file: resolve(import.meta.dirname, `../../crds/${kind.group}_${kind.plural}.yaml`),
}))

/** Whether the API server would create it, with its defaults; nothing is stored. Throws the API server's refusal. */
export function tryCreate(world: World, what: KubeObject | string): Promise<KubeObject> {
	const [object] = typeof what === "string" ? objectsOf(what) : [what]
	if (!object) throw new Error("nothing to create")
	return world.client.create(object, {manager: person, dryRun: true})
}

/** Installs Heddle's CRDs and waits until discovery lists them, which is a moment after they are Established. */
export async function installCrds(world: World): Promise<void> {
	for (const {file} of crds) await apply(world, readFileSync(file, "utf8"))
	for (const {kind} of crds) {
		await waitFor(
			`the API server to serve ${kind.plural}`,
			() => world.client.versionOf(kind, {fresh: true}),
			(version) => version === "v1alpha1",
		)
	}
}
