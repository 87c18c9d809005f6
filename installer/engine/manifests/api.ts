import {fieldManagers} from "../../../operator/api/names.ts"
import {Discovery} from "../../../operator/kube/discovery.ts"
import {isNotFound, KubeError} from "../../../operator/kube/errors.ts"
import type {Http} from "../../../operator/kube/http.ts"
import {listPages} from "../../../operator/kube/pages.ts"
import {doingOf, type Place, pathOf} from "../../../operator/kube/paths.ts"
import type {Manifest} from "../../infra/manifest.ts"
import {groupOf} from "../../infra/manifest.ts"

/** An object as the API server has it. */
export type Live = Manifest

type Kind = {readonly apiVersion: string; readonly kind: string}

/** Of a Secret only the metadata is asked for: what is in it is none of an installer's business. */
const metadataAs = (type: string) => ({accept: `application/json;as=${type};g=meta.k8s.io;v=v1`})
const acceptFor = ({kind}: {readonly kind: string}) =>
	kind === "Secret" ? metadataAs("PartialObjectMetadata") : {}
const acceptForList = (groupKind: string) =>
	groupKind === "Secret" ? metadataAs("PartialObjectMetadataList") : {}

/** Such an answer says that it is metadata, and not of what. */
const named = (answer: unknown, {apiVersion, kind}: Kind): Live => ({...(answer as Live), apiVersion, kind})

/** Objects of any kind, as the installer needs them: read, applied by its own field manager, deleted by uid. */
export class ObjectApi {
	readonly #http: Http
	readonly #signal: AbortSignal
	#discovery: Discovery

	constructor(http: Http, signal: AbortSignal) {
		this.#http = http
		this.#signal = signal
		this.#discovery = new Discovery(http)
	}

	/** Where a kind is served; undefined when it is not, as before its CRD is Established. */
	async place(kind: Kind): Promise<Place | undefined> {
		const version = kind.apiVersion.split("/").at(-1) ?? ""
		const served = await this.#discovery.served()
		return served.resource(groupOf(kind), version, kind.kind)
	}

	/** To be called when CRDs have come or gone. */
	forgetKinds(): void {
		this.#discovery = new Discovery(this.#http)
	}

	async get(object: Kind & {readonly metadata: Manifest["metadata"]}): Promise<Live | undefined> {
		const place = await this.place(object)
		if (place === undefined) return undefined
		const {namespace, name} = object.metadata
		try {
			const answer = await this.#http.request({
				...acceptFor(object),
				method: "GET",
				path: pathOf(place, {namespace, name}),
				doing: doingOf("get", place, {namespace, name}),
				signal: this.#signal,
			})
			return named(answer, object)
		} catch (error) {
			if (isNotFound(error)) return undefined
			throw error
		}
	}

	/** Server-Side Apply; takes over what others own, so whether it may has to be known before. */
	async apply(object: Manifest, {dryRun}: {readonly dryRun: boolean}): Promise<Live> {
		const place = await this.#served(object, "apply")
		const {namespace, name} = object.metadata
		const query = {
			fieldManager: fieldManagers.installer,
			fieldValidation: "Strict",
			force: true,
			dryRun: dryRun ? "All" : undefined,
		}
		const answer = await this.#http.request({
			...acceptFor(object),
			method: "PATCH",
			path: pathOf(place, {namespace, name}, query),
			body: object,
			contentType: "application/apply-patch+yaml",
			doing: doingOf("apply", place, {namespace, name}),
			signal: this.#signal,
		})
		return named(answer, object)
	}

	/** Takes a label off this very object, whoever put it there. */
	async unmark(object: Live, label: string): Promise<void> {
		const place = await this.#served(object, "patch")
		const {namespace, name, uid} = object.metadata
		await this.#http.request({
			method: "PATCH",
			path: pathOf(place, {namespace, name}, {fieldManager: fieldManagers.installer}),
			body: {metadata: {uid, labels: {[label]: null}}},
			contentType: "application/merge-patch+json",
			doing: doingOf("patch", place, {namespace, name}),
			signal: this.#signal,
		})
	}

	/** Deletes this very object and what hangs on it. */
	async delete(object: Live): Promise<void> {
		const place = await this.#served(object, "delete")
		const {namespace, name, uid} = object.metadata
		try {
			await this.#http.request({
				method: "DELETE",
				path: pathOf(place, {namespace, name}),
				body: {
					apiVersion: "v1",
					kind: "DeleteOptions",
					preconditions: {uid},
					propagationPolicy: "Background",
				},
				doing: doingOf("delete", place, {namespace, name}),
				signal: this.#signal,
			})
		} catch (error) {
			if (!isNotFound(error)) throw error
		}
	}

	/** All of a kind (`Kind.group`), of every namespace; nothing where the kind is not served. */
	async list(groupKind: string, labelSelector?: string): Promise<Live[]> {
		const [kind = "", ...group] = groupKind.split(".")
		const resource = (await this.#discovery.served()).preferred(group.join("."), kind)
		if (resource === undefined) return []
		const found: Live[] = []
		const options = {
			...acceptForList(groupKind),
			signal: this.#signal,
			...(labelSelector === undefined ? {} : {labelSelector}),
		}
		for await (const page of listPages<Live>(this.#http, resource, kind, options)) found.push(...page.items)
		return found
	}

	async #served(kind: Kind, verb: string): Promise<Place> {
		const place = await this.place(kind)
		if (place !== undefined) return place
		throw new KubeError({
			code: 404,
			reason: "KindNotServed",
			said: `the cluster does not serve it in version ${kind.apiVersion}`,
			doing: {verb, resource: kind.kind},
		})
	}
}
