import {readdir, readFile} from "node:fs/promises"
import {parse} from "yaml"
import {clusterScoped} from "../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../profiles/snapshot/object.ts"
import type {KubeCondition} from "../profiles/snapshot/shapes.ts"
import {fieldManagers, labels, managedBy} from "./api/names.ts"
import type {Client} from "./kube/types.ts"
import type {Log} from "./runtime/types.ts"

type Definition = KubeObject & {readonly status?: {readonly conditions?: readonly KubeCondition[]}}
const CustomResourceDefinition = clusterScoped<Definition>(
	"apiextensions.k8s.io",
	"v1",
	"CustomResourceDefinition",
	"customresourcedefinitions",
)

const folder = new URL("../crds/", import.meta.url)
const manager = fieldManagers.binding

/** How long an API server may take to serve a kind that it has accepted. */
const patienceMs = 30_000

/** The CRDs as they are shipped. */
async function shippedCrds(): Promise<readonly KubeObject[]> {
	const files = (await readdir(folder)).filter((name) => name.endsWith(".yaml")).sort()
	return Promise.all(
		files.map(async (name) => parse(await readFile(new URL(name, folder), "utf8")) as KubeObject),
	)
}

/** Brings the operator's namespace and the CRDs, and waits until they are Established. */
export async function installCrds(
	client: Client,
	{namespace, log}: {namespace: string; log?: Log},
): Promise<void> {
	const home = {
		apiVersion: "v1",
		kind: "Namespace",
		metadata: {name: namespace, labels: {[labels.managedBy]: managedBy}},
	}
	await client.apply(home, {manager, force: true})
	const definitions = await shippedCrds()
	await Promise.all(definitions.map((definition) => client.apply(definition, {manager, force: true})))
	const deadline = performance.now() + patienceMs
	for (const {metadata} of definitions) await established(client, metadata.name, deadline)
	log?.info("CRDs are established", {crds: definitions.map(({metadata}) => metadata.name)})
}

async function established(client: Client, name: string, deadline: number): Promise<void> {
	for (;;) {
		const found = await client.get(CustomResourceDefinition, name)
		if (found?.status?.conditions?.some(({type, status}) => type === "Established" && status === "True"))
			return
		if (performance.now() > deadline)
			throw new Error(`the CRD ${name} was not established within ${patienceMs / 1_000} s`)
		await new Promise((resolve) => setTimeout(resolve, 100))
	}
}
