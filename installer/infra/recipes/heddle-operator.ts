import {readdir, readFile} from "node:fs/promises"
import {z} from "zod"
import {objectsOf} from "../charts/tidy.ts"
import type {Manifest} from "../manifest.ts"
import {objects} from "../part.ts"
import type {Recipe} from "../recipe.ts"
import {namespace, replicas} from "./fields.ts"

const standard = "heddle-system"

const args = z.strictObject({
	image: z.string().min(1).optional(),
	namespace: namespace(standard),
	replicas: replicas(2),
	withCRDs: z.boolean().default(true),
})
type Args = z.infer<typeof args>

const definitions = new URL("../../../crds/", import.meta.url)
const deployment = new URL("../../../operator/deploy/", import.meta.url)

export const heddleOperator: Recipe<Args> = {
	token: "heddle:index:HeddleOperator",
	args,
	parts: async (given) => {
		const own = (await shipped(deployment)).map((object) => adjusted(object, given))
		return [objects(...(given.withCRDs ? await shipped(definitions) : []), ...own)]
	},
}

/** The very files that kubectl would apply. */
async function shipped(folder: URL): Promise<Manifest[]> {
	const names = (await readdir(folder)).filter((name) => name.endsWith(".yaml")).sort()
	const texts = await Promise.all(names.map((name) => readFile(new URL(name, folder), "utf8")))
	return texts.flatMap((text, i) => objectsOf(text, names[i] ?? ""))
}

function adjusted(object: Manifest, given: Args): Manifest {
	const moved = inNamespace(object, given.namespace)
	return moved.kind === "Deployment" ? sized(moved, given) : moved
}

type Subject = {readonly namespace?: string}

function inNamespace(object: Manifest, namespace: string): Manifest {
	if (namespace === standard) return object
	const {metadata} = object
	if (object.kind === "Namespace") return {...object, metadata: {...metadata, name: namespace}}
	const subjects = (object.subjects as readonly Subject[] | undefined)?.map((one) => ({...one, namespace}))
	return {
		...object,
		...(metadata.namespace === undefined ? {} : {metadata: {...metadata, namespace}}),
		...(subjects === undefined ? {} : {subjects}),
	}
}

type Container = {readonly name: string; readonly args?: readonly string[]}
type DeploymentSpec = {
	readonly template: {readonly spec: {readonly containers: readonly Container[]}}
}

function sized(object: Manifest, {image, replicas, namespace}: Args): Manifest {
	const spec = object.spec as DeploymentSpec
	const {template} = spec
	const containers = template.spec.containers.map((one) => ({
		...one,
		...(image === undefined ? {} : {image}),
		...(namespace === standard ? {} : {args: [...(one.args ?? []), "--namespace", namespace]}),
	}))
	return {
		...object,
		spec: {...spec, replicas, template: {...template, spec: {...template.spec, containers}}},
	}
}
