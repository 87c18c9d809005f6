import {
	type ComponentResource,
	type ComponentResourceOptions,
	type Inputs,
	log,
	output,
	runtime,
} from "@pulumi/pulumi"
import {KubernetesObject} from "./kubernetes-object.ts"
import type {Manifest} from "./manifest.ts"
import {identityOf, isDefinition} from "./manifest.ts"
import {objectsOfPart} from "./part.ts"
import {inPhases} from "./phases.ts"
import type {Recipe} from "./recipe.ts"
import {checkedArgs} from "./recipe.ts"

/** What Pulumi calls `initialize` of a component with. */
export type Call = readonly [inputs: Inputs, opts?: ComponentResourceOptions, name?: string]

/**
 * Declares everything that a component installs as its children, each phase depending on the one before. To be
 * called by `initialize`, which `dependsOn` waits for: whoever depends on the component depends on all of these. Every
 * component has to extend Pulumi's class itself: by that alone Pulumi knows one when it makes SDKs of other languages.
 */
export async function raise<Args extends object>(
	parent: ComponentResource,
	recipe: Recipe<Args>,
	call: Call,
): Promise<void> {
	// A program is over when nothing is under way, and Pulumi does not see what goes on between its own calls.
	const done = runtime.rpcKeepAlive()
	try {
		await declareChildren(parent, recipe, call)
	} finally {
		done()
	}
}

async function declareChildren<Args extends object>(
	parent: ComponentResource,
	recipe: Recipe<Args>,
	[inputs, opts = {}, name = ""]: Call,
): Promise<void> {
	const given = output(inputs)
	if (!(await isKnown(given))) {
		// Only a preview meets arguments that nobody knows yet: what hangs on them cannot be shown.
		await log.warn("its arguments are not known yet, so the preview does not show what it installs", parent)
		return
	}
	const args = checkedArgs(recipe, name, await knownValue(given))
	// Children do not inherit it: without it they could be deleted after what they need.
	let before: DependsOn = opts.dependsOn
	for (const part of await recipe.parts(args)) {
		for (const {objects} of inPhases(await objectsOfPart(part))) {
			const dependsOn = before
			before = objects.map((object) => child(object, {parent, name, dependsOn}))
		}
	}
}

type DependsOn = ComponentResourceOptions["dependsOn"]
type Place = {
	readonly parent: ComponentResource
	readonly name: string
	readonly dependsOn: DependsOn
}

function child(object: Manifest, {parent, name, dependsOn}: Place): KubernetesObject {
	const definition = isDefinition(object)
	return new KubernetesObject(`${name}:${identityOf(object)}`, definition ? established(object) : object, {
		parent,
		...(dependsOn === undefined ? {} : {dependsOn}),
		// With a CRD go all objects of its kind, and with a namespace all that others have put there.
		retainOnDelete: definition || object.kind === "Namespace",
		...(object.kind === "Secret" ? filledByOthers : {}),
		...(definition && object.metadata.name.endsWith(".heddle.dev") ? {protect: true} : {}),
	})
}

/** What others put into a Secret is none of ours: it is made once, not looked at again, and sealed where it is seen. */
const filledByOthers = {
	additionalSecretOutputs: ["data", "stringData"],
	ignoreChanges: ["metadata", "data", "stringData", "type"],
}

/** The provider takes a CRD for ready once it is stored; with this it waits until the kind is served. */
function established(definition: Manifest): Manifest {
	const {metadata} = definition
	const annotations = {...metadata.annotations, "pulumi.com/waitFor": "condition=Established"}
	return {...definition, metadata: {...metadata, annotations}}
}

type Resolvable = {readonly isKnown?: Promise<boolean>; promise?(): Promise<unknown>}

/** Part of the class behind Output, and of no published interface; the SDK itself uses both this way. */
const isKnown = async (value: unknown) => (await (value as Resolvable).isKnown) !== false
const knownValue = async (value: unknown) => ((await (value as Resolvable).promise?.()) ?? {}) as object
