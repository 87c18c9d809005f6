import type {MeshBinding, MeshProfile, MeshProfileSpec} from "../../../crds/generated.ts"
import {MeshBinding as MeshBindingKind, MeshProfile as MeshProfileKind} from "../../../operator/api/kinds.ts"
import type {FieldManager} from "../../../operator/api/names.ts"
import type {Client, MergePatch} from "../../../operator/kube/types.ts"
import {type Kind, Namespace, namespaced, Pod} from "../../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import type {Pod as PodShape} from "../../../profiles/snapshot/shapes.ts"
import {type WaitOptions, waitFor} from "../../kit/wait.ts"

/** Whoever acts in a test is a person with kubectl. */
const manager = "kubectl" as FieldManager

export type Told = KubeObject & {
	readonly reason: string
	readonly type: string
	readonly note: string
	readonly regarding: {readonly kind: string}
}
const Event = namespaced<Told>("events.k8s.io", "v1", "Event", "events")

export type ProfileChoice = Omit<MeshProfileSpec, "namespaceSelector" | "dataplane"> & {
	readonly dataplane: object
}
export type Condition = NonNullable<NonNullable<MeshBinding["status"]>["conditions"]>[number]

/** One namespace of one test, with the profile of the same name that selects it and nothing else. */
export class Place {
	readonly name: string
	readonly #client: Client

	constructor(client: Client, name: string) {
		this.#client = client
		this.name = name
	}

	async apply(...objects: readonly KubeObject[]): Promise<void> {
		await Promise.all(objects.map((object) => this.#client.apply(object, {manager})))
	}

	/** The namespace's profile, or another that selects it as well. */
	async profile(choice: ProfileChoice, name = this.name): Promise<void> {
		const namespaceSelector = {matchLabels: {"kubernetes.io/metadata.name": this.name}}
		await this.#client.apply(
			{
				apiVersion: "heddle.dev/v1alpha1",
				kind: "MeshProfile",
				metadata: {name},
				...{spec: {namespaceSelector, ...choice}},
			},
			{manager, force: true},
		)
	}

	get<T extends KubeObject>(kind: Kind<T>, name: string): Promise<T | undefined> {
		return this.#client.get(kind, name, this.name)
	}

	async list<T extends KubeObject>(kind: Kind<T>): Promise<readonly T[]> {
		return (await this.#client.list(kind, {namespace: this.name})).items
	}

	pods(app: string): Promise<readonly PodShape[]> {
		return this.#client
			.list(Pod, {namespace: this.name, labelSelector: `app=${app}`})
			.then(({items}) => items.filter(({metadata}) => metadata.deletionTimestamp === undefined))
	}

	/** A merge patch, as `kubectl patch`. */
	async patch(kind: Kind, name: string, change: object): Promise<void> {
		const version = kind.group === "" ? kind.versions[0] : `${kind.group}/${kind.versions[0]}`
		const {metadata, ...rest} = change as {metadata?: object}
		const identity = {name, ...(kind.namespaced ? {namespace: this.name} : {})}
		await this.#client.mergePatch(
			{apiVersion: version, kind: kind.kind, metadata: {...metadata, ...identity}, ...rest} as MergePatch,
			{manager},
		)
	}

	/** The owner of the namespace decides. */
	decide(spec: NonNullable<MeshBinding["spec"]>): Promise<void> {
		return this.patch(MeshBindingKind, "mesh", {spec})
	}

	async delete(kind: Kind, name: string): Promise<void> {
		await this.#client.delete(kind, name, kind.namespaced ? this.name : undefined)
	}

	async labels(): Promise<Readonly<Record<string, string>>> {
		return (await this.#client.get(Namespace, this.name))?.metadata.labels ?? {}
	}

	async annotations(): Promise<Readonly<Record<string, string>>> {
		return (await this.#client.get(Namespace, this.name))?.metadata.annotations ?? {}
	}

	/** Without its managedFields, which would fill the message of a test that fails. */
	async binding(): Promise<MeshBinding | undefined> {
		const binding = await this.#client.get(MeshBindingKind, "mesh", this.name)
		if (binding === undefined) return undefined
		const {managedFields: _, ...metadata} = binding.metadata
		return {...binding, metadata}
	}

	profileNow(name = this.name): Promise<MeshProfile | undefined> {
		return this.#client.get(MeshProfileKind, name)
	}

	/** Waits until the binding's condition (Ready unless named) has this reason. */
	async until(
		reason: string,
		{type = "Ready", ...wait}: WaitOptions & {type?: string} = {},
	): Promise<Condition> {
		const seen = await waitFor(
			`${type} of the MeshBinding of ${this.name} to be ${reason}`,
			async () => conditionOf(await this.binding(), type),
			(condition) => condition?.reason === reason,
			wait,
		)
		return seen as Condition
	}

	/** Waits until everything is proven on this dataplane. */
	async on(dataplane: string, wait?: WaitOptions): Promise<MeshBinding> {
		const seen = await waitFor(
			`the namespace ${this.name} to be on ${dataplane}`,
			() => this.binding(),
			(binding) =>
				conditionOf(binding, "Ready")?.status === "True" && binding?.status?.dataplane === dataplane,
			wait,
		)
		return seen as MeshBinding
	}

	/** Waits until this many pods of an app are Ready. */
	async ready(app: string, count: number): Promise<readonly PodShape[]> {
		return waitFor(
			`${count} pods of ${app} in ${this.name} to be Ready`,
			() => this.pods(app),
			(pods) => pods.length === count && pods.every(isReady),
		)
	}

	async events(): Promise<readonly Told[]> {
		return (await this.list(Event)).filter(({regarding}) => regarding.kind === "MeshBinding")
	}
}

export const conditionOf = (
	object: {readonly status?: {readonly conditions?: readonly Condition[]}} | undefined,
	type: string,
): Condition | undefined => object?.status?.conditions?.find((one) => one.type === type)

export const isReady = ({status}: PodShape): boolean =>
	status?.conditions?.some(({type, status: is}) => type === "Ready" && is === "True") ?? false

/** A real istiod put its proxy beside the app, as a native sidecar. */
export const isInjected = ({spec, metadata}: PodShape): boolean =>
	metadata.annotations?.["sidecar.istio.io/status"] !== undefined &&
	(spec?.initContainers?.some(
		({name, restartPolicy}) => name === "istio-proxy" && restartPolicy === "Always",
	) ??
		false)

/** The stand-in for Istio's node agent has marked the pod. */
export const isRedirected = ({metadata}: PodShape): boolean =>
	metadata.annotations?.["ambient.istio.io/redirection"] === "enabled"
