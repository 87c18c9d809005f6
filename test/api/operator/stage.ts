import {readFileSync} from "node:fs"
import {afterAll, beforeAll} from "vitest"
import {parseAllDocuments} from "yaml"
import {serviceAccountKubeconfig} from "../../../installer/sandbox/index.ts"
import {MeshProfile} from "../../../operator/api/kinds.ts"
import {Namespace} from "../../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import {apply, installCrds} from "../../kit/apply.ts"
import type {World} from "../../kit/open-world.ts"
import {get} from "../../kit/open-world.ts"
import {type OperatorOptions, type RunningOperator, spawnOperator} from "../../kit/operator-process.ts"
import {useWorld} from "../../kit/sandbox.ts"
import {waitFor} from "../../kit/wait.ts"
import {Place} from "./place.ts"

export const home = "heddle-system"

export type Stage = {
	readonly world: World
	/** The operator of this file. */
	readonly operator: RunningOperator
	/** A namespace that no other test has. */
	place(labels?: Readonly<Record<string, string>>): Promise<Place>
	/** Another operator, under the ServiceAccount as it is shipped unless another kubeconfig is given. */
	spawn(options?: Partial<OperatorOptions>): Promise<RunningOperator>
}

let serial = 0

/**
 * For the top of a test file. Its tests run at the same time, each in namespaces of its own, with one operator that
 * may do what the shipped ClusterRole says and nothing more.
 */
export function useStage({operator: wanted = true} = {}): () => Stage {
	const world = useWorld()
	const names: string[] = []
	const operators: RunningOperator[] = []
	let account = ""
	const spawn = async (options: Partial<OperatorOptions> = {}) => {
		const operator = await spawnOperator({kubeconfig: account, namespace: home, ...options})
		operators.push(operator)
		return operator
	}
	beforeAll(async () => {
		await installCrds(world())
		for (const object of [...shipped("1-namespace.yaml"), ...shipped("2-rbac.yaml")])
			await apply(world(), object)
		const {name} = world().sandbox
		account = await serviceAccountKubeconfig({name, namespace: home, serviceAccount: "heddle-operator"})
		if (wanted) await (await spawn()).ready()
	})
	afterAll(async () => {
		await leave(world(), names)
		await Promise.all(operators.map((operator) => operator.stop()))
	})
	return () => ({
		world: world(),
		get operator() {
			const [first] = operators
			if (first === undefined) throw new Error("this file starts its operators itself")
			return first
		},
		place: async (labels) => {
			const name = `op${process.pid}-${++serial}`
			names.push(name)
			return open(world(), name, labels)
		},
		spawn,
	})
}

/** Objects of a file of operator/deploy. */
export function shipped(file: string): readonly KubeObject[] {
	const path = new URL(`../../../operator/deploy/${file}`, import.meta.url)
	return parseAllDocuments(readFileSync(path, "utf8")).map((document) => document.toJS() as KubeObject)
}

async function open(
	world: World,
	name: string,
	labels: Readonly<Record<string, string>> = {},
): Promise<Place> {
	await apply(world, {apiVersion: "v1", kind: "Namespace", metadata: {name, labels}})
	await waitFor(
		`the ServiceAccount of ${name}, without which it admits no pod`,
		() =>
			world.http.request(get(`/api/v1/namespaces/${name}/serviceaccounts`)) as Promise<{items: unknown[]}>,
		({items}) => items.length > 0,
	)
	return new Place(world.client, name)
}

/** Profiles first, while their operator still runs: their finalizers are its to lift. */
async function leave({client}: World, names: readonly string[]): Promise<void> {
	const mine = ({metadata}: KubeObject) => names.some((name) => metadata.name.startsWith(name))
	const {items} = await client.list(MeshProfile)
	await Promise.all(items.filter(mine).map(({metadata}) => client.delete(MeshProfile, metadata.name)))
	await Promise.all(names.map((name) => client.delete(Namespace, name)))
	await waitFor(
		"the operator to let the profiles go",
		() => client.list(MeshProfile),
		(left) => !left.items.some(mine),
		{timeoutMs: 30_000},
	)
}
