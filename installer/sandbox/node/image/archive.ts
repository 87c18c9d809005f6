import {createHash} from "node:crypto"
import {createReadStream, createWriteStream} from "node:fs"
import {mkdtemp, rm, stat} from "node:fs/promises"
import {dirname, join} from "node:path"
import {pipeline} from "node:stream/promises"
import {type Pack, pack} from "tar-stream"
import {goArch} from "../../bin/releases.ts"
import type {Entry} from "./entries.ts"

export type Image = {
	/** With its tag. */
	name: string
	entries: readonly Entry[]
	entrypoint: readonly string[]
	env?: readonly string[]
	user?: string
	workingDir?: string
}

/** Writes an image with one layer as an OCI layout in a tar file, the form that `ctr images import` reads. */
export async function writeArchive(image: Image, target: string): Promise<void> {
	const work = await mkdtemp(join(dirname(target), ".image-"))
	try {
		const layer = join(work, "layer.tar")
		const digest = await writeLayer(image.entries, layer)
		const archive = pack()
		const written = pipeline(archive, createWriteStream(target))
		await addFile(archive, `blobs/sha256/${digest}`, layer)
		const layerSize = (await stat(layer)).size
		const config = await addJson(archive, configOf(image, digest))
		const manifest = await addJson(archive, {
			schemaVersion: 2,
			mediaType: "application/vnd.oci.image.manifest.v1+json",
			config: {mediaType: "application/vnd.oci.image.config.v1+json", ...config},
			layers: [
				{mediaType: "application/vnd.oci.image.layer.v1.tar", digest: `sha256:${digest}`, size: layerSize},
			],
		})
		const index = {
			mediaType: "application/vnd.oci.image.manifest.v1+json",
			...manifest,
			annotations: {"io.containerd.image.name": image.name, "org.opencontainers.image.ref.name": image.name},
		}
		await add(archive, "oci-layout", JSON.stringify({imageLayoutVersion: "1.0.0"}))
		await add(archive, "index.json", JSON.stringify({schemaVersion: 2, manifests: [index]}))
		archive.finalize()
		await written
	} finally {
		await rm(work, {recursive: true, force: true})
	}
}

function configOf({entrypoint, env = [], user = "0", workingDir = "/"}: Image, layer: string) {
	return {
		architecture: goArch(),
		os: "linux",
		config: {
			Entrypoint: entrypoint,
			Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", ...env],
			User: user,
			WorkingDir: workingDir,
		},
		rootfs: {type: "layers", diff_ids: [`sha256:${layer}`]},
	}
}

/** Times are fixed, so that the same files give the same digest. Returns it. */
async function writeLayer(entries: readonly Entry[], target: string): Promise<string> {
	const layer = pack()
	const hash = createHash("sha256")
	layer.on("data", (chunk) => hash.update(chunk as Buffer))
	const written = pipeline(layer, createWriteStream(target))
	const unique = new Map(entries.map((entry) => [entry.path, entry]))
	for (const entry of unique.values()) await addEntry(layer, entry)
	layer.finalize()
	await written
	return hash.digest("hex")
}

const mtime = new Date(0)

async function addEntry(to: Pack, entry: Entry): Promise<void> {
	const {path: name} = entry
	if ("source" in entry) return addFile(to, name, entry.source, entry.mode)
	if ("text" in entry) return add(to, name, entry.text, entry.mode)
	if ("link" in entry) to.entry({name, type: "symlink", linkname: entry.link, mtime})
	else to.entry({name, type: "directory", mode: entry.mode ?? 0o755, mtime})
}

async function addFile(to: Pack, name: string, source: string, mode = 0o644): Promise<void> {
	const {size} = await stat(source)
	await new Promise<void>((resolve, reject) => {
		const slot = to.entry({name, size, mode, mtime}, (error) => (error ? reject(error) : resolve()))
		pipeline(createReadStream(source), slot).catch(reject)
	})
}

function add(to: Pack, name: string, text: string, mode = 0o644): Promise<void> {
	return new Promise((resolve, reject) => {
		to.entry({name, mode, mtime}, text, (error) => (error ? reject(error) : resolve()))
	})
}

async function addJson(to: Pack, document: object): Promise<{digest: string; size: number}> {
	const text = JSON.stringify(document)
	const digest = createHash("sha256").update(text).digest("hex")
	await add(to, `blobs/sha256/${digest}`, text)
	return {digest: `sha256:${digest}`, size: Buffer.byteLength(text)}
}
