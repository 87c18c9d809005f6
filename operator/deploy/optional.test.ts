import {readdirSync, readFileSync} from "node:fs"
import {expect, test} from "vitest"
import {parseAllDocuments} from "yaml"

type Role = {
	readonly kind: string
	readonly metadata: {readonly name: string}
	readonly rules?: readonly object[]
}

const folder = new URL("optional/", import.meta.url)
const roles = readdirSync(folder).flatMap((file) =>
	parseAllDocuments(readFileSync(new URL(file, folder), "utf8")).map((one) => one.toJS() as Role),
)

test("what is asked for beyond the operator's role is this and nothing more", () => {
	const granted = roles
		.filter(({kind}) => kind === "ClusterRole")
		.map(({metadata, rules}) => [metadata.name, rules])
	expect(Object.fromEntries(granted)).toEqual({
		"heddle-operator-canaries": [
			{apiGroups: ["apps"], resources: ["deployments"], verbs: ["create", "delete"]},
		],
		"heddle-operator-prober": [{apiGroups: ["batch"], resources: ["jobs"], verbs: ["create", "delete"]}],
	})
})
