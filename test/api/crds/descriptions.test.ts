import {beforeAll, expect, test} from "vitest"
import {installCrds} from "../../kit/apply.ts"
import {get} from "../../kit/open-world.ts"
import {useWorld} from "../../kit/sandbox.ts"
import {waitFor} from "../../kit/wait.ts"

const world = useWorld()
beforeAll(() => installCrds(world()))

type Schema = {
	description?: string
	properties?: Record<string, Schema>
	items?: Schema
	additionalProperties?: Schema | boolean
	allOf?: unknown
	$ref?: string
}
type OpenApi = {components?: {schemas?: Record<string, Schema>}}

test.for(["MeshProfile", "MeshBinding"])(
	"kubectl explain has a sentence for every field of a %s",
	async (kind) => {
		const name = `dev.heddle.v1alpha1.${kind}`
		const document = await waitFor(
			`the OpenAPI document to describe ${kind}`,
			() => world().http.request(get("/openapi/v3/apis/heddle.dev/v1alpha1")) as Promise<OpenApi>,
			({components}) => components?.schemas?.[name] !== undefined,
		)
		const schema = document.components?.schemas?.[name] ?? {}
		expect(schema.description).toBeTruthy()
		expect(fieldsWithout(schema, kind)).toEqual([])
	},
)

/** Items of a list and values of a map are described by the field that holds them. */
function fieldsWithout(schema: Schema, path: string): string[] {
	const inner = [schema.items, schema.additionalProperties].filter((one) => typeof one === "object")
	const nested = inner.flatMap((one) => fieldsWithout(one, `${path}[]`))
	const fields = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => [
		...(field.description ? [] : [`${path}.${name}`]),
		...fieldsWithout(field, `${path}.${name}`),
	])
	return [...nested, ...fields].filter((field) => !field.startsWith(`${path}.metadata`) || path.includes("."))
}
