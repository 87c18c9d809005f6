import type {Kind} from "../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import {Discovery} from "./discovery.ts"
import {type Doing, isExpired, isNotFound, KubeError} from "./errors.ts"
import type {Http} from "./http.ts"
import {listPages} from "./pages.ts"
import {doingOf, type Place, pathOf, type Query, resourceName} from "./paths.ts"
import type {
	Access,
	ApplyOptions,
	Client,
	DeleteOptions,
	ListOptions,
	ListResult,
	MergePatch,
	WriteOptions,
} from "./types.ts"

export function clientOf(http: Http): Client {
	return new RawClient(http)
}

type Patch = {
	readonly object: KubeObject | MergePatch
	readonly verb: string
	readonly contentType: string
	readonly subresource?: string
}

class RawClient implements Client {
	readonly #http: Http
	readonly #discovery: Discovery

	constructor(http: Http) {
		this.#http = http
		this.#discovery = new Discovery(http)
	}

	async get<T extends KubeObject>(
		kind: Kind<T>,
		name: string,
		namespace?: string,
		signal?: AbortSignal,
	): Promise<T | undefined> {
		const place = await this.#placeOf(kind, "get")
		const target = {namespace, name}
		try {
			const found = await this.#http.request({
				method: "GET",
				path: pathOf(place, target),
				doing: doingOf("get", place, target),
				signal,
			})
			return found as T
		} catch (error) {
			if (isNotFound(error)) return undefined
			throw error
		}
	}

	async list<T extends KubeObject>(kind: Kind<T>, options: ListOptions = {}): Promise<ListResult<T>> {
		const place = await this.#placeOf(kind, "list")
		for (let attempt = 1; ; attempt++) {
			try {
				const items: T[] = []
				let resourceVersion = ""
				for await (const page of listPages<T>(this.#http, place, kind.kind, options)) {
					items.push(...page.items)
					resourceVersion = page.resourceVersion
				}
				return {items, resourceVersion}
			} catch (error) {
				// The continue token outlived the snapshot that it pointed into.
				if (!isExpired(error) || attempt === 3) throw error
			}
		}
	}

	apply(object: KubeObject, options: ApplyOptions): Promise<KubeObject> {
		return this.#patch(
			{object, verb: "apply", contentType: "application/apply-patch+yaml"},
			{...options, force: options.force ?? false},
		)
	}

	applyStatus(object: KubeObject, options: ApplyOptions): Promise<KubeObject> {
		const patch = {object, verb: "apply", contentType: "application/apply-patch+yaml", subresource: "status"}
		return this.#patch(patch, {...options, force: options.force ?? false})
	}

	mergePatch(object: KubeObject | MergePatch, options: WriteOptions): Promise<KubeObject> {
		return this.#patch({object, verb: "patch", contentType: "application/merge-patch+json"}, options)
	}

	async #patch({object, verb, contentType, subresource}: Patch, options: ApplyOptions): Promise<KubeObject> {
		const place = await this.#placeOfObject(object, verb)
		const target = {namespace: object.metadata.namespace, name: object.metadata.name, subresource}
		const query = {...writeQuery(options), force: options.force}
		return (await this.#http.request({
			method: "PATCH",
			path: pathOf(place, target, query),
			body: object,
			contentType,
			doing: doingOf(verb, place, target),
			signal: options.signal,
		})) as KubeObject
	}

	async delete(kind: Kind, name: string, namespace?: string, options: DeleteOptions = {}): Promise<boolean> {
		const place = await this.#placeOf(kind, "delete")
		const target = {namespace, name}
		const {uid, resourceVersion, propagation, dryRun} = options
		const body = {
			apiVersion: "v1",
			kind: "DeleteOptions",
			preconditions: {uid, resourceVersion},
			propagationPolicy: propagation ?? "Background",
			...(dryRun ? {dryRun: ["All"]} : {}),
		}
		try {
			await this.#http.request({
				method: "DELETE",
				path: pathOf(place, target),
				body,
				doing: doingOf("delete", place, target),
				signal: options.signal,
			})
			return true
		} catch (error) {
			if (isNotFound(error)) return false
			throw error
		}
	}

	async create(object: KubeObject, options: WriteOptions): Promise<KubeObject> {
		const place = await this.#placeOfObject(object, "create")
		const {namespace, name} = object.metadata
		return (await this.#http.request({
			method: "POST",
			path: pathOf(place, {namespace}, writeQuery(options)),
			body: object,
			doing: doingOf("create", place, {namespace, name}),
			signal: options.signal,
		})) as KubeObject
	}

	async may(access: Access): Promise<boolean> {
		const doing = {verb: "create", resource: "selfsubjectaccessreviews.authorization.k8s.io"}
		const {status} = (await this.#http.request({
			method: "POST",
			path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
			body: {
				apiVersion: "authorization.k8s.io/v1",
				kind: "SelfSubjectAccessReview",
				spec: {resourceAttributes: access},
			},
			doing,
			repeatable: true,
			harmless: true,
		})) as {status?: {allowed?: boolean}}
		return status?.allowed === true
	}

	async versionOf(kind: Kind, options: {readonly fresh?: boolean} = {}): Promise<string | undefined> {
		return (await this.#discovery.served(options)).versionOf(kind)
	}

	async serverVersion(): Promise<string> {
		const doing = {verb: "read", resource: "the version of the API server"}
		return ((await this.#http.request({method: "GET", path: "/version", doing})) as {gitVersion: string})
			.gitVersion
	}

	async #placeOf(kind: Kind, verb: string): Promise<Place> {
		// The core group has had one version ever since.
		if (kind.group === "") return {...kind, version: "v1"}
		const version = (await this.versionOf(kind)) ?? (await this.versionOf(kind, {fresh: true}))
		if (version === undefined)
			throw notServed({verb, resource: resourceName(kind)}, kind.versions.join(" or "))
		return {...kind, version}
	}

	async #placeOfObject(object: {apiVersion: string; kind: string}, verb: string): Promise<Place> {
		const [version = "", group = ""] = object.apiVersion.split("/").reverse()
		const find = async (fresh: boolean) =>
			(await this.#discovery.served({fresh})).resource(group, version, object.kind)
		const found = (await find(false)) ?? (await find(true))
		if (found === undefined)
			throw notServed({verb, resource: `${object.kind}${group === "" ? "" : `.${group}`}`}, version)
		return found
	}
}

function notServed(doing: Doing, versions: string): KubeError {
	return new KubeError({
		code: 404,
		reason: "KindNotServed",
		said: `the cluster does not serve it in version ${versions}`,
		doing,
	})
}

function writeQuery({manager, dryRun}: WriteOptions): Query {
	// Strict: a misspelt field of ours is an error of ours, and not to be dropped in silence.
	return {fieldManager: manager, fieldValidation: "Strict", dryRun: dryRun ? "All" : undefined}
}
