import {createHash} from "node:crypto"
import {z} from "zod"
import {download, type Got, type Request} from "../download.ts"
import {largestManifest} from "../limits.ts"
import {refused} from "../refused.ts"
import type {Credentials} from "./credentials.ts"
import type {Reference} from "./reference.ts"

export type RegistryOptions = {
	readonly plainHttp: boolean
	readonly signal: AbortSignal
	/** Asked for only when the registry asks. */
	readonly credentials: () => Promise<Credentials | undefined>
}

const sha256Of = (bytes: Uint8Array): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`

const token = z.union([z.looseObject({token: z.string()}), z.looseObject({access_token: z.string()})])

/** Reads of one repository (https://github.com/opencontainers/distribution-spec). All it throws are AbortErrors. */
export class Repository {
	readonly #reference: Reference
	readonly #options: RegistryOptions
	#authorization: string | undefined

	constructor(reference: Reference, options: RegistryOptions) {
		this.#reference = reference
		this.#options = options
	}

	/** By tag or by digest; what is given by digest has it. */
	async manifest(name: string, accept: readonly string[]): Promise<{bytes: Uint8Array; digest: string}> {
		const {body, headers} = await this.#get(`manifests/${name}`, largestManifest, {accept: accept.join(", ")})
		const digest = sha256Of(body)
		const claimed = name.startsWith("sha256:") ? name : headers.get("docker-content-digest")
		if (claimed?.startsWith("sha256:") && claimed !== digest)
			throw refused("CannotFetch", `the manifest of ${this.#name} is ${digest}, and ${claimed} was promised`)
		return {bytes: body, digest}
	}

	async blob({digest, size}: {readonly digest: string; readonly size: number}): Promise<Uint8Array> {
		const {body} = await this.#get(`blobs/${digest}`, size)
		if (body.length < size)
			throw refused("CannotFetch", `${this.#name}: the layer ends after ${body.length} of ${size} bytes`)
		if (sha256Of(body) !== digest)
			throw refused(
				"CannotFetch",
				`${this.#name}: the layer is ${sha256Of(body)}, and ${digest} was promised`,
			)
		return body
	}

	get #name(): string {
		return `${this.#reference.registry}/${this.#reference.repository}`
	}

	async #get(path: string, limit: number, headers: Record<string, string> = {}): Promise<Got> {
		const {registry, repository} = this.#reference
		const {plainHttp, signal} = this.#options
		const url = new URL(`${plainHttp ? "http" : "https"}://${registry}/v2/${repository}/${path}`)
		const ask = () =>
			download(url, {
				limit,
				plainHttp,
				signal,
				headers: {...headers, ...(this.#authorization && {authorization: this.#authorization})},
			})
		let got = await ask()
		if (got.status === 401 && this.#authorization === undefined) {
			this.#authorization = await this.#authorize(got.headers.get("www-authenticate") ?? "")
			got = await ask()
		}
		if (got.status === 200) return got
		throw this.#refusal(got.status, path)
	}

	#refusal(status: number, path: string) {
		const {registry} = this.#reference
		if (status === 401 || status === 403)
			return refused(
				"CannotFetch",
				`${registry} does not let ${this.#authorization === undefined ? "everybody" : "this user"} read ${this.#name}`,
				`Log in with \`docker login ${registry}\` as somebody who may. Pods need imagePullSecret of their own.`,
			)
		if (status === 404) return refused("CannotFetch", `${this.#name} has no ${path.replace("/", " ")}`)
		return refused("CannotFetch", `${registry} answers ${status} to ${path}`)
	}

	/** What the registry's challenge asks for (https://distribution.github.io/distribution/spec/auth/token/). */
	async #authorize(challenge: string): Promise<string> {
		const {registry} = this.#reference
		const credentials = await this.#options.credentials()
		if (/^basic\b/i.test(challenge)) {
			if (credentials === undefined || !("user" in credentials)) throw this.#refusal(401, "")
			return basic(credentials)
		}
		const parameter = (name: string) => new RegExp(`[ ,]${name}="([^"]*)"`, "i").exec(challenge)?.[1]
		const realm = URL.parse(parameter("realm") ?? "")
		if (!/^bearer\b/i.test(challenge) || realm === null)
			throw refused(
				"CannotFetch",
				`${registry} asks for a way to log in that is not known here: ${challenge}`,
			)
		const asked = new URLSearchParams({
			scope: parameter("scope") ?? `repository:${this.#reference.repository}:pull`,
		})
		const service = parameter("service")
		if (service !== undefined) asked.set("service", service)
		return `Bearer ${await this.#token(realm, asked, credentials)}`
	}

	async #token(realm: URL, asked: URLSearchParams, credentials: Credentials | undefined): Promise<string> {
		const {plainHttp, signal} = this.#options
		const request: Request = {limit: largestManifest, plainHttp, signal}
		const got = await (credentials !== undefined && "identityToken" in credentials
			? download(realm, {...request, form: exchange(asked, credentials.identityToken)})
			: download(withQuery(realm, asked), {
					...request,
					...(credentials && {headers: {authorization: basic(credentials)}}),
				}))
		if (got.status !== 200) throw this.#refusal(401, "")
		const said = token.safeParse(parsed(got.body))
		if (!said.success) throw refused("CannotFetch", `${realm.host} answers without a token`)
		return "token" in said.data ? String(said.data.token) : String(said.data.access_token)
	}
}

function parsed(body: Uint8Array): unknown {
	try {
		return JSON.parse(new TextDecoder().decode(body))
	} catch {
		return undefined
	}
}

const basic = ({user, password}: {readonly user: string; readonly password: string}): string =>
	`Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`

function withQuery(realm: URL, asked: URLSearchParams): URL {
	const url = new URL(realm)
	for (const [name, value] of asked) url.searchParams.set(name, value)
	return url
}

const exchange = (asked: URLSearchParams, identityToken: string): URLSearchParams =>
	new URLSearchParams([
		...asked,
		["grant_type", "refresh_token"],
		["client_id", "heddle"],
		["refresh_token", identityToken],
	])
