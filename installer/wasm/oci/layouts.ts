import {z} from "zod"
import {refused} from "../refused.ts"
import type {Layout} from "../types.ts"

export const mediaTypes = {
	ociManifest: "application/vnd.oci.image.manifest.v1+json",
	ociIndex: "application/vnd.oci.image.index.v1+json",
	dockerManifest: "application/vnd.docker.distribution.manifest.v2+json",
	dockerList: "application/vnd.docker.distribution.manifest.list.v2+json",
	dockerLayer: "application/vnd.docker.image.rootfs.diff.tar.gzip",
	ociLayer: "application/vnd.oci.image.layer.v1.tar+gzip",
	moduleLayer: "application/vnd.module.wasm.content.layer.v1+wasm",
	cncfLayer: "application/wasm",
} as const

const descriptor = z.looseObject({
	mediaType: z.string(),
	digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, "is no sha256 digest"),
	size: z.int().nonnegative(),
})
export type Descriptor = z.infer<typeof descriptor>

const platform = z.looseObject({os: z.string(), architecture: z.string()})
const index = z.looseObject({manifests: z.array(descriptor.extend({platform: platform.optional()}))})
const manifest = z.looseObject({mediaType: z.string().optional(), layers: z.array(descriptor)})

export type Manifest =
	| {readonly next: Descriptor}
	| {
			readonly layout: Layout
			readonly layer: Descriptor
			/** The layer is a compressed archive with `plugin.wasm`, not the module itself. */
			readonly packed: boolean
	  }

/**
 * Where a manifest has its module, in the order in which hosts look: an index leads to its image for linux/amd64, an
 * image has it in its last layer, an artifact in the layer of that type.
 * Source: istio:pkg/wasm/imagefetcher.go; github.com/solo-io/wasm/blob/master/spec
 * @throws AbortError
 */
export function readManifest(bytes: Uint8Array, name: string): Manifest {
	const raw = parsed(bytes, name)
	const many = index.safeParse(raw)
	if (many.success) return {next: amd64(many.data.manifests, name)}
	const one = manifest.safeParse(raw)
	if (!one.success) {
		const {path = [], message = ""} = one.error.issues[0] ?? {}
		throw refused("NoModule", `the manifest of ${name} cannot be read: ${path.join(".")} ${message}`)
	}
	const {layers, mediaType} = one.data
	const last = layers.at(-1)
	if (mediaType === mediaTypes.dockerManifest && last?.mediaType === mediaTypes.dockerLayer)
		return {layout: "compat (Docker)", layer: last, packed: true}
	if (last?.mediaType === mediaTypes.ociLayer) return {layout: "compat (OCI)", layer: last, packed: true}
	const artifact = layers.find((layer) => layer.mediaType === mediaTypes.moduleLayer)
	if (artifact !== undefined) {
		const layout = layers.length === 2 ? "artifact" : "artifact of one layer"
		return {layout, layer: artifact, packed: false}
	}
	const cncf = layers.find((layer) => layer.mediaType === mediaTypes.cncfLayer)
	if (cncf !== undefined) return {layout: "CNCF artifact", layer: cncf, packed: false}
	const types = layers.map((layer) => layer.mediaType).join(", ") || "none"
	throw refused(
		"NoModule",
		`${name} is no image of a module: its layers are ${types}`,
		`A module is pushed as a layer of ${mediaTypes.moduleLayer}, or as plugin.wasm in the last layer of an image.`,
	)
}

function parsed(bytes: Uint8Array, name: string): unknown {
	try {
		return JSON.parse(new TextDecoder().decode(bytes))
	} catch {
		throw refused("CannotFetch", `the manifest of ${name} is no JSON`)
	}
}

function amd64(manifests: z.infer<typeof index>["manifests"], name: string): Descriptor {
	const found = manifests.find((one) => one.platform?.os === "linux" && one.platform.architecture === "amd64")
	if (found !== undefined) return found
	throw refused(
		"NoModule",
		`${name} is an index without an image for linux/amd64, which is the one that proxies take, whatever they run on`,
		"Push the module as a single image.",
	)
}
