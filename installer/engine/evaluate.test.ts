import {expect, test} from "vitest"
import {evaluate} from "./evaluate.ts"
import type {Installation} from "./installation.ts"
import {emptyInstallation} from "./installation.ts"
import {ordered} from "./ordered.ts"
import {program} from "./program.ts"

/** Pulumi and its monitor are loaded by the first test. */
const slow = {timeout: 60_000}

const installation = (components: object, profiles: Installation["spec"]["profiles"] = []): Installation => ({
	...emptyInstallation("test"),
	spec: {components: components as never, profiles},
})
const profile = {
	name: "payments",
	spec: {namespaceSelector: {matchLabels: {team: "payments"}}, dataplane: {mode: "Sidecar"}},
}
const placedOf = async (wanted: Installation) => ordered(await evaluate(() => program(wanted)))

test(
	"the operator brings its CRDs, rights and two replicas; a profile comes after all of them",
	slow,
	async () => {
		const placed = await placedOf(installation({operator: {}, "wasm-runtime": {}}, [profile]))
		const stageOf = (id: string) => placed.find((one) => one.id === id)?.stage ?? Number.NaN
		expect(placed.map(({id}) => id)).toContain("ServiceAccount/heddle-system/heddle-operator")
		const stages = [
			"Namespace/heddle-system",
			"CustomResourceDefinition.apiextensions.k8s.io/meshprofiles.heddle.dev",
			"ClusterRole.rbac.authorization.k8s.io/heddle-operator",
			"Deployment.apps/heddle-system/heddle-operator",
			"MeshProfile.heddle.dev/payments",
		].map(stageOf)
		expect(stages).toEqual([0, 1, 2, 3, 4])
		expect(placed.find(({id}) => id.startsWith("Deployment"))?.object).toMatchObject({spec: {replicas: 2}})
	},
)

test("the operator runs where it is told, with the image that it is given", slow, async () => {
	const placed = await placedOf(
		installation({operator: {namespace: "mesh", image: "registry.example/heddle@sha256:1", replicas: 3}}),
	)
	const deployment = placed.find(({object}) => object.kind === "Deployment")?.object
	expect(deployment).toMatchObject({
		metadata: {namespace: "mesh"},
		spec: {
			replicas: 3,
			template: {
				spec: {
					containers: [
						{
							image: "registry.example/heddle@sha256:1",
							args: ["operator", "--leader-elect", "--namespace", "mesh"],
						},
					],
				},
			},
		},
	})
	expect(placed.map(({object}) => object.metadata.namespace)).not.toContain("heddle-system")
	const binding = placed.find(({object}) => object.kind === "ClusterRoleBinding")?.object
	expect(binding).toMatchObject({subjects: [{namespace: "mesh"}]})
})

test(
	"the same program gives the same objects in the same order, and two at once do not mix",
	slow,
	async () => {
		const wanted = installation({operator: {}, "wasm-runtime": {runtimes: ["spin", "wasmedge"]}}, [profile])
		const [one, other] = await Promise.all([placedOf(wanted), placedOf(wanted)])
		expect(other).toEqual(one)
		expect(one?.length).toBe(14)
	},
)

test(
	"wrong arguments fail the program by the name of the field, and the next program is not hurt",
	slow,
	async () => {
		await expect(placedOf(installation({operator: {replicas: 0}}))).rejects.toThrow(
			/HeddleOperator operator: replicas/,
		)
		expect(await placedOf(installation({"wasm-runtime": {}}))).toHaveLength(1)
	},
)

test("what is asked of a cloud cannot be rendered", slow, async () => {
	const {runtime} = await import("@pulumi/pulumi")
	const asks = async () => void (await runtime.invoke("aws:index:getRegion", {}))
	await expect(evaluate(asks)).rejects.toThrow(/asks a cloud/)
})

test("notes to Pulumi's provider are not rendered, and CRDs carry one", slow, async () => {
	const placed = await placedOf(installation({operator: {}}))
	expect(JSON.stringify(placed)).not.toContain("pulumi.com/")
})
