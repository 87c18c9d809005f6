import {createHash} from "node:crypto"
import {createServer, type IncomingMessage, type Server, type ServerResponse} from "node:http"
import type {AddressInfo} from "node:net"
import {gzipSync} from "node:zlib"
import {pack} from "tar-stream"
import {mediaTypes} from "../oci/layouts.ts"

const digestOf = (bytes: Uint8Array): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`

export type Blob = {readonly mediaType: string; readonly bytes: Uint8Array}

/** What goes wrong on purpose, asked at every request. */
type Fault = "none" | "truncated blob" | "other blob" | "other manifest" | "redirects without end"

type Auth = "none" | "basic" | "bearer"

/**
 * A stand-in for a registry: the reading half of the distribution specification, on this machine, with the two ways
 * to log in. Where `elsewhere` is set, blobs are at another origin, as registries on object storage have them.
 */
export class StandInRegistry {
	readonly user = "ada"
	readonly password = "pass:word"
	fault: Fault = "none"
	auth: Auth = "none"
	elsewhere: string | undefined
	/** Every request: its method, its path, and the kind of its authorization. */
	readonly seen: string[] = []
	readonly #manifests = new Map<string, Blob>()
	readonly #blobs = new Map<string, Uint8Array>()
	readonly #server: Server

	private constructor(server: Server) {
		this.#server = server
		server.on("request", (request: IncomingMessage, response: ServerResponse) =>
			this.#answer(request, response),
		)
	}

	static async start(): Promise<StandInRegistry> {
		const server = createServer()
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
		return new StandInRegistry(server)
	}

	get host(): string {
		return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
	}

	async stop(): Promise<void> {
		this.#server.closeAllConnections()
		await new Promise((resolve) => this.#server.close(resolve))
	}

	/** An image of these layers under a tag; its manifest's digest. */
	push(tag: string, layers: readonly Blob[], manifestType: string = mediaTypes.ociManifest): string {
		const configuration = {mediaType: "application/vnd.oci.empty.v1+json", bytes: Buffer.from("{}")}
		const manifest = {
			schemaVersion: 2,
			mediaType: manifestType,
			config: this.#store(configuration),
			layers: layers.map((layer) => this.#store(layer)),
		}
		return this.pushManifest(tag, manifestType, manifest)
	}

	pushManifest(tag: string, mediaType: string, manifest: object): string {
		const bytes = Buffer.from(JSON.stringify(manifest))
		const digest = digestOf(bytes)
		for (const name of [tag, digest]) this.#manifests.set(name, {mediaType, bytes})
		return digest
	}

	#store({mediaType, bytes}: Blob): object {
		const digest = digestOf(bytes)
		this.#blobs.set(digest, bytes)
		return {mediaType, digest, size: bytes.length}
	}

	#answer(request: IncomingMessage, response: ServerResponse): void {
		const url = new URL(request.url ?? "/", `http://${this.host}`)
		const kind = request.headers.authorization?.split(" ")[0] ?? "nobody"
		this.seen.push(`${request.method} ${url.pathname} ${kind}`)
		if (url.pathname === "/token") {
			this.#token(request, url, response)
			return
		}
		if (this.fault === "redirects without end") {
			response.writeHead(302, {location: url.href}).end()
			return
		}
		if (!this.#admits(request.headers.authorization)) {
			response.writeHead(401, {"www-authenticate": this.#challenge()}).end()
			return
		}
		const [, kindOf = "", name = ""] =
			/^\/v2\/team\/module\/(manifests|blobs)\/(.+)$/.exec(url.pathname) ?? []
		if (kindOf === "manifests") this.#manifest(name, response)
		else this.#blob(name, response)
	}

	#admits(authorization = ""): boolean {
		if (this.auth === "none") return true
		const basic = `Basic ${Buffer.from(`${this.user}:${this.password}`).toString("base64")}`
		return authorization === (this.auth === "basic" ? basic : "Bearer let-me-in")
	}

	#challenge(): string {
		return this.auth === "basic"
			? 'Basic realm="stand-in"'
			: `Bearer realm="http://${this.host}/token",service="stand-in",scope="repository:team/module:pull"`
	}

	#token(request: IncomingMessage, url: URL, response: ServerResponse): void {
		const basic = `Basic ${Buffer.from(`${this.user}:${this.password}`).toString("base64")}`
		const mine = url.searchParams.get("scope") === "repository:team/module:pull"
		const allowed = request.method === "POST" || (mine && request.headers.authorization === basic)
		response.writeHead(allowed ? 200 : 401).end(allowed ? JSON.stringify({token: "let-me-in"}) : "")
	}

	#manifest(name: string, response: ServerResponse): void {
		const found = this.#manifests.get(name)
		if (found === undefined) {
			response.writeHead(404).end()
			return
		}
		const bytes = this.fault === "other manifest" ? Buffer.from(`${found.bytes} `) : found.bytes
		response.writeHead(200, {"content-type": found.mediaType, "docker-content-digest": digestOf(found.bytes)})
		response.end(bytes)
	}

	#blob(digest: string, response: ServerResponse): void {
		const bytes = this.#blobs.get(digest)
		if (this.elsewhere !== undefined) {
			response.writeHead(307, {location: `${this.elsewhere}/v2/team/module/blobs/${digest}`}).end()
		} else if (bytes === undefined) response.writeHead(404).end()
		else if (this.fault === "truncated blob") response.end(bytes.subarray(0, bytes.length - 1))
		else response.end(this.fault === "other blob" ? Buffer.alloc(bytes.length) : bytes)
	}
}

/** A layer of an image: an archive with these files. */
export async function archiveOf(files: Readonly<Record<string, Uint8Array>>): Promise<Uint8Array> {
	const archive = pack()
	for (const [name, bytes] of Object.entries(files)) archive.entry({name}, Buffer.from(bytes))
	archive.finalize()
	const parts: Uint8Array[] = []
	for await (const part of archive) parts.push(part as Uint8Array)
	return gzipSync(Buffer.concat(parts))
}
