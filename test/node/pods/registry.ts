import {existsSync, readFileSync} from "node:fs"
import {createServer} from "node:http"

/*
 * A registry for the node's own images of modules: the reading half of the distribution specification over a folder.
 * A blob lies there under its digest in hex, a manifest also under NAME.TAG.
 */
const folder = process.env.FOLDER ?? ""
const manifestType = "application/vnd.oci.image.manifest.v1+json"

createServer((request, answer) => {
	const [, name = "", kind = "", reference = ""] =
		/^\/v2\/team\/([a-z-]+)\/(manifests|blobs)\/(.+)$/.exec(request.url ?? "") ?? []
	if (kind === "") return answer.writeHead(request.url === "/v2/" ? 200 : 404).end()
	const file = /^sha256:[0-9a-f]{64}$/.test(reference)
		? reference.slice("sha256:".length)
		: `${name}.${reference}`
	const path = `${folder}/${file}`
	if (file.includes("/") || !existsSync(path)) return answer.writeHead(404).end()
	const bytes = readFileSync(path)
	const type = kind === "manifests" ? manifestType : "application/octet-stream"
	return answer
		.writeHead(200, {"content-type": type, "content-length": bytes.length})
		.end(request.method === "HEAD" ? undefined : bytes)
}).listen(5000)

process.on("SIGTERM", () => process.exit(0))
