import {type ChildProcess, spawn} from "node:child_process"
import {once} from "node:events"
import {readFileSync} from "node:fs"
import {createRequire} from "node:module"
import {resolve} from "node:path"
import {expect, onTestFinished, test} from "vitest"
import {parse} from "yaml"
import * as infra from "./index.ts"

/** Pulumi's own launcher of component packages, which starts what `pulumi package add` has fetched. */
const require = createRequire(import.meta.url)
const launcher = require.resolve("@pulumi/pulumi/cmd/run-plugin/index.js")
const root = resolve(import.meta.dirname, "../..")

type Reply = {getSchema(): string}
type Client = {
	getSchema(request: object, done: (error: Error | null, reply: Reply) => void): void
	close(): void
}

type Property = {
	readonly optional?: boolean
	readonly $ref?: string
	readonly items?: {readonly $ref?: string}
}
type Schema = {
	readonly resources: Readonly<Record<string, {readonly inputProperties: Readonly<Record<string, Property>>}>>
	readonly types: Readonly<Record<string, {readonly properties: Readonly<Record<string, Property>>}>>
}

async function schemaFromPlugin(): Promise<Schema> {
	const child = spawn(process.execPath, [launcher, root, "127.0.0.1:1"], {stdio: ["ignore", "pipe", "pipe"]})
	onTestFinished(() => void child.kill("SIGKILL"))
	const client = clientOf(await portOf(child))
	const schema = await new Promise<string>((done, fail) =>
		client.getSchema(
			new (require("@pulumi/pulumi/proto/provider_pb.js").GetSchemaRequest)(),
			(error, reply) => (error === null ? done(reply.getSchema()) : fail(error)),
		),
	)
	client.close()
	return JSON.parse(schema) as Schema
}

async function portOf(child: ChildProcess): Promise<string> {
	if (child.stdout === null) throw new Error("no output")
	const [chunk] = (await once(child.stdout, "data")) as [Buffer]
	return chunk.toString().trim()
}

function clientOf(port: string): Client {
	const {ResourceProviderClient} = require("@pulumi/pulumi/proto/provider_grpc_pb.js")
	const grpc = createRequire(require.resolve("@pulumi/pulumi"))("@grpc/grpc-js")
	return new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure())
}

test("Pulumi's own launcher serves every component to other languages, and the MeshProfile's spec is the CRD's", {
	timeout: 180_000,
}, async () => {
	const schema = await schemaFromPlugin()
	expect(Object.keys(schema.resources).map((token) => token.split(":").at(-1))).toEqual(
		Object.keys(infra).sort(),
	)
	expect(typeTree(schema, "heddle:index:MeshProfileSpecArgs")).toEqual(crdTree())
})

type Tree = {readonly [name: string]: Tree | true}

/** The properties of a type and of those below it. */
function typeTree(schema: Schema, name: string): Tree {
	const properties = schema.types[name]?.properties ?? {}
	return Object.fromEntries(
		Object.entries(properties).map(([key, {$ref, items}]) => {
			const below = ($ref ?? items?.$ref)?.split("/").at(-1)
			return [key, below?.startsWith("heddle:") ? typeTree(schema, below) : true]
		}),
	)
}

type Structural = {
	readonly properties?: Readonly<Record<string, Structural>>
	readonly items?: Structural
}

function crdTree(): Tree {
	const crd = parse(readFileSync(resolve(root, "crds/heddle.dev_meshprofiles.yaml"), "utf8"))
	const tree = ({properties, items}: Structural): Tree | true => {
		const of = properties ?? items?.properties
		return of === undefined
			? true
			: Object.fromEntries(Object.entries(of).map(([key, value]) => [key, tree(value)]))
	}
	return tree(crd.spec.versions[0].schema.openAPIV3Schema.properties.spec) as Tree
}
