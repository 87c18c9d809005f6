import {afterAll} from "vitest"
import {Deployment, Pod} from "../../profiles/snapshot/kinds.ts"
import type {Pod as PodShape} from "../../profiles/snapshot/shapes.ts"
import {conditionOf, isInjected, isReady, type Place} from "../api/operator/place.ts"
import type {World} from "../kit/open-world.ts"
import {type RunningOperator, spawnOperator} from "../kit/operator-process.ts"
import {waitFor} from "../kit/wait.ts"
import {wanted} from "./course.ts"
import {type AppOptions, application} from "./manifests.ts"

/** A case is given five minutes, and the time that its requests take at a quarter of the usual rate. */
export const caseMs = 300_000 + wanted * 20
export const patience = {timeoutMs: 240_000}

export const quick = {waves: {soak: "5s"}}
const none = {mode: "None"}

export type Operator = {
	/** Heddle's real operator, started at the first call. */
	running(): Promise<RunningOperator>
	/** SIGKILL, and another one in its place. */
	replaced(): Promise<void>
}

/** For the top of a test file: one operator for all of its cases, as the administrator. */
export function useOperator(world: () => World): Operator {
	let current: RunningOperator | undefined
	const start = async () => {
		current = await spawnOperator({kubeconfig: world().sandbox.kubeconfig, namespace: "default"})
		return current
	}
	afterAll(async () => {
		await current?.stop()
	})
	return {
		running: async () => {
			const operator = current ?? (await start())
			await operator.ready()
			return operator
		},
		replaced: async () => {
			await current?.kill()
			await (await start()).ready()
		},
	}
}

export async function deploy(place: Place, options: Omit<AppOptions, "namespace"> = {}): Promise<void> {
	for (const object of application({namespace: place.name, ...options})) await place.apply(object)
	await podsOf(place, () => true)
}

/** Waits until the application's pods are two, ready, and all like this. */
export function podsOf(place: Place, are: (pod: PodShape) => boolean): Promise<readonly PodShape[]> {
	return waitFor(
		`the pods of the application in ${place.name}`,
		() => place.pods("app"),
		(pods) => pods.length === 2 && pods.every((pod) => isReady(pod) && are(pod)),
		patience,
	)
}

/** Waits until the move has reached its first pod and not yet its last. */
export async function midWave(place: Place): Promise<void> {
	await waitFor(
		"a move that is half done",
		() => place.list(Pod),
		(pods) => pods.some((pod) => isInjected(pod) && isReady(pod)) && pods.some((pod) => !isInjected(pod)),
		{...patience, everyMs: 50},
	)
}

/** The operator has seen the profile as it is now, and there is nothing left for it to do. */
export async function settled(place: Place): Promise<void> {
	const generation = (await place.profileNow())?.metadata.generation
	await waitFor(
		`the profile of ${place.name} to be carried out`,
		() => place.binding(),
		(binding) =>
			binding?.status?.profileGeneration === generation && conditionOf(binding, "Ready")?.status === "True",
		patience,
	)
}

/** As `kubectl rollout restart`; ends when every pod is a new one. */
export async function restart(place: Place): Promise<void> {
	const before = (await place.pods("app")).map(({metadata}) => metadata.uid)
	const annotations = {"kubectl.kubernetes.io/restartedAt": new Date().toISOString()}
	await place.patch(Deployment, "app", {spec: {template: {metadata: {annotations}}}})
	await podsOf(place, ({metadata}) => !before.includes(metadata.uid))
}

type There = {
	readonly dataplane: object
	/** As the binding's status names it. */
	readonly name: string
	readonly isOn: (pod: PodShape) => boolean
}

/** From no mesh to a dataplane and out again, all pods each time. */
export async function thereAndBack(place: Place, {dataplane, name, isOn}: There): Promise<void> {
	await place.profile({dataplane, migration: quick})
	await place.on(name, patience)
	await podsOf(place, isOn)
	await place.profile({dataplane: none, migration: quick})
	await place.on("none", patience)
	await podsOf(place, (pod) => !isOn(pod))
}
