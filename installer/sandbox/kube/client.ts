import {Agent, request} from "node:https"

/** A small client for the sandbox' own API server: one keep-alive agent, JSON in and out, Server-Side Apply. */
export type Kube = {
	call<T = unknown>(method: string, path: string, options?: CallOptions): Promise<T>
	apply(object: KubeObject): Promise<KubeObject>
	close(): void
}

type CallOptions = {body?: unknown; contentType?: string; timeoutMs?: number}

export type KubeObject = {
	apiVersion: string
	kind: string
	metadata: {
		name: string
		namespace?: string
		labels?: Record<string, string>
		annotations?: Record<string, string>
	}
	[key: string]: unknown
}

export class KubeError extends Error {
	override name = "KubeError"
	readonly status: number

	constructor(status: number, message: string) {
		super(message)
		this.status = status
	}
}

const fieldManager = "heddle-sandbox"

export function createKube({server, ca, token}: {server: string; ca: string; token: string}): Kube {
	const agent = new Agent({keepAlive: true, maxSockets: 24, ca})
	const call = <T>(method: string, path: string, options: CallOptions = {}): Promise<T> => {
		const {body, contentType = "application/json", timeoutMs = 20_000} = options
		const payload = body === undefined ? undefined : JSON.stringify(body)
		const headers = {
			authorization: `Bearer ${token}`,
			accept: "application/json",
			...(payload && {"content-type": contentType, "content-length": Buffer.byteLength(payload)}),
		}
		return new Promise<T>((resolve, reject) => {
			const sent = request(`${server}${path}`, {method, agent, headers, timeout: timeoutMs}, (answer) => {
				const chunks: Buffer[] = []
				answer.on("data", (chunk: Buffer) => chunks.push(chunk))
				answer.once("error", reject)
				answer.once("end", () => {
					const text = Buffer.concat(chunks).toString("utf8")
					const status = answer.statusCode ?? 0
					if (status >= 400)
						reject(new KubeError(status, `${method} ${path}: ${status} ${statusMessage(text)}`))
					else resolve(parse<T>(text))
				})
			})
			sent.once("timeout", () => sent.destroy(new Error(`${method} ${path}: no answer in ${timeoutMs} ms`)))
			sent.once("error", reject)
			sent.end(payload)
		})
	}
	return {
		call,
		apply: (object) =>
			call("PATCH", `${pathOf(object)}?fieldManager=${fieldManager}&force=true`, {
				body: object,
				contentType: "application/apply-patch+yaml",
			}),
		close: () => agent.destroy(),
	}
}

function parse<T>(text: string): T {
	try {
		return JSON.parse(text)
	} catch {
		return text as T // /readyz and its like answer in plain text
	}
}

function statusMessage(text: string): string {
	const body = parse<{message?: string} | string>(text)
	return typeof body === "string" ? body.slice(0, 300) : (body.message ?? "")
}

/** The plural by English rules: right for every kind that a sandbox writes, and no discovery round trip. */
export function pluralOf(kind: string): string {
	const lower = kind.toLowerCase()
	if (/[^aeiou]y$/.test(lower)) return `${lower.slice(0, -1)}ies`
	return /(s|x|ch)$/.test(lower) ? `${lower}es` : `${lower}s`
}

export function collectionPath(apiVersion: string, kind: string, namespace?: string): string {
	const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`
	return `${root}${namespace ? `/namespaces/${namespace}` : ""}/${pluralOf(kind)}`
}

export function pathOf({apiVersion, kind, metadata}: KubeObject): string {
	return `${collectionPath(apiVersion, kind, metadata.namespace)}/${metadata.name}`
}
