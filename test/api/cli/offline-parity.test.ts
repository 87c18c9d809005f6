import {writeFileSync} from "node:fs"
import {join} from "node:path"
import {beforeAll, expect, onTestFinished, test} from "vitest"
import {stringify} from "yaml"
import type {CheckReport} from "../../../installer/checks/report.ts"
import {MeshBinding, MeshProfile} from "../../../operator/api/kinds.ts"
import {isKubeError} from "../../../operator/kube/errors.ts"
import {kindsRead} from "../../../operator/plan/reads.ts"
import type {Plan} from "../../../operator/plan/types.ts"
import {CustomResourceDefinition} from "../../../profiles/conflicts/stack.ts"
import {dataplanes} from "../../../profiles/registry.ts"
import {Deployment, type Kind, Namespace, namespaced} from "../../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import {apply, installCrds} from "../../kit/apply.ts"
import {heddle, jsonOf} from "../../kit/cli.ts"
import {freshNamespace, useWorld} from "../../kit/sandbox.ts"
import {deployment, profile} from "../../kit/shop.ts"
import {waitFor} from "../../kit/wait.ts"
import {freshFolder} from "./folder.ts"

const world = useWorld()

beforeAll(() => installCrds(world()))

const LimitRange = namespaced("", "v1", "LimitRange", "limitranges")

/** Everything that Heddle looks at, as a person dumps it with kubectl. */
async function dump(): Promise<readonly KubeObject[]> {
	const wanted: readonly Kind[] = [
		...kindsRead(dataplanes),
		MeshProfile,
		MeshBinding,
		LimitRange,
		CustomResourceDefinition,
	]
	const lists = await Promise.all(wanted.map(listed))
	return lists.flat()
}

async function listed(kind: Kind): Promise<readonly KubeObject[]> {
	if (kind.group !== "" && (await world().client.versionOf(kind)) === undefined) return []
	try {
		if (kind.only === undefined) return (await world().client.list(kind)).items
		const found = await world().client.get(kind, kind.only.name, kind.only.namespace)
		return found === undefined ? [] : [found]
	} catch (error) {
		if (isKubeError(error) && (error.code === 404 || error.reason === "KindNotServed")) return []
		throw error
	}
}

/** A namespace with pods of the real scheduler and of simulated kubelets, and a profile that selects it alone. */
async function scene(spec: object) {
	await waitFor(
		"namespaces of earlier tests to be gone: their pods count as callers",
		async () => (await world().client.list(Namespace)).items,
		(items) => items.every(({metadata}) => metadata.deletionTimestamp === undefined),
	)
	const namespace = await freshNamespace(world(), {team: `t${process.hrtime.bigint()}`})
	await apply(world(), deployment("cart", {namespace, replicas: 2}))
	await apply(
		world(),
		profile(namespace, {
			namespaceSelector: {matchLabels: {"kubernetes.io/metadata.name": namespace}},
			...spec,
		}),
	)
	onTestFinished(async () => {
		await world().client.delete(MeshProfile, namespace)
	})
	await waitFor(
		"the pods of cart to be ready",
		async () => (await world().client.list(Deployment, {namespace})).items,
		([cart]) => cart?.status?.readyReplicas === 2,
	)
	return namespace
}

type Answer = {readonly code: number | null; readonly plan: Plan}

async function planned(...args: string[]): Promise<Answer> {
	const run = await heddle(["plan", "-o", "json", ...args])
	return {code: run.code, plan: jsonOf<Plan>(run)}
}

/** Of this test's own namespace: others come and go while both are asked. */
const own = ({code, plan}: Answer, namespace: string) => ({
	code,
	namespaces: plan.namespaces.filter((one) => one.namespace === namespace),
})

test.each([
	["to a sidecar", {dataplane: {mode: "Sidecar"}}],
	["to ambient", {dataplane: {mode: "Sidecarless", provider: "istio-ambient"}, mtls: "Strict"}],
	["wherever it fits", {dataplane: {mode: "Auto"}}],
	["to what is not installed", {dataplane: {mode: "Sidecarless", provider: "kmesh"}}],
])("a dump answers as the cluster that it came from: %s", async (_name, spec) => {
	const namespace = await scene(spec)
	const folder = freshFolder()
	const objects = await dump()
	const json = join(folder, "dump.json")
	const yaml = join(folder, "dump.yaml")
	writeFileSync(json, JSON.stringify({apiVersion: "v1", kind: "List", items: objects}))
	writeFileSync(
		yaml,
		stringify(
			{apiVersion: "v1", kind: "List", items: objects},
			{version: "1.1", aliasDuplicateObjects: false},
		),
	)
	const online = own(await planned("--kubeconfig", world().sandbox.kubeconfig), namespace)
	const offline = await Promise.all([json, yaml].map((file) => planned("--from-files", file)))
	expect(online.namespaces.length).toBe(1)
	for (const one of offline) expect(own(one, namespace).namespaces).toEqual(online.namespaces)
})

test("check says the same of a dump, but for what only a live cluster can tell", async () => {
	await scene({dataplane: {mode: "Sidecar"}})
	const file = join(freshFolder(), "dump.json")
	writeFileSync(file, JSON.stringify({apiVersion: "v1", kind: "List", items: await dump()}))
	const [online, offline] = (
		await Promise.all([
			heddle(["check", "-o", "json", "--kubeconfig", world().sandbox.kubeconfig]),
			heddle(["check", "-o", "json", "--from-files", file]),
		])
	).map((run) => jsonOf<CheckReport>(run))
	const pure = (report: CheckReport | undefined) =>
		report?.checks
			.filter(({group}) => group !== "Cluster access" && group !== "Heddle")
			.map(({id, state}) => [id, state])
	expect(pure(offline)).toEqual(pure(online))
	const live = (report: CheckReport | undefined) =>
		report?.checks.filter(({group}) => group === "Cluster access" || group === "Heddle")
	expect(live(offline)?.map(({state}) => state)).toEqual(live(offline)?.map(() => "notRun"))
	const states = Object.fromEntries(live(online)?.map(({id, state}) => [id, state]) ?? [])
	expect(states).toMatchObject({
		"api-reachable": "passed",
		"access-read": "passed",
		"access-write": "passed",
		"heddle-crds": "passed",
		"heddle-crds-current": "passed",
	})
})
