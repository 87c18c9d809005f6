import {inMiB, largestLayer, largestModule} from "../limits.ts"
import {refused} from "../refused.ts"
import type {Fetched} from "../types.ts"
import {type Credentials, credentialsFor} from "./credentials.ts"
import {type Descriptor, type Manifest, mediaTypes, readManifest} from "./layouts.ts"
import {parseReference} from "./reference.ts"
import {Repository} from "./registry.ts"
import {unpack} from "./unpack.ts"

export type PullOptions = {
	readonly plainHttp: boolean
	readonly signal: AbortSignal
	readonly credentials?: (registry: string) => Promise<Credentials | undefined>
}

const accepted = [
	mediaTypes.ociManifest,
	mediaTypes.dockerManifest,
	mediaTypes.ociIndex,
	mediaTypes.dockerList,
]

/**
 * Pulls the module of an image. A tag is resolved to a digest once, and everything after is by digest.
 * @throws AbortError
 */
export async function pull(address: string, options: PullOptions): Promise<Fetched> {
	const reference = parseReference(address)
	const {registry, repository: path, tag, digest} = reference
	const name = `${registry}/${path}`
	const {credentials = credentialsFor} = options
	const repository = new Repository(reference, {...options, credentials: () => credentials(registry)})
	const top = await repository.manifest(digest ?? tag ?? "latest", accepted)
	const first = readManifest(top.bytes, name)
	const image =
		"next" in first ? await followed(repository, first.next, name) : {...first, digest: top.digest}
	const {layer, packed} = image
	const limit = packed ? largestLayer : largestModule
	if (layer.size > limit) throw refused("NoModule", `the layer of ${name} is larger than ${inMiB(limit)}`)
	const blob = await repository.blob(layer)
	return {
		address,
		bytes: packed ? await unpack(blob, name) : blob,
		image: {
			name,
			...(digest === undefined ? {tag: tag ?? "latest"} : {}),
			digest: image.digest,
			...("next" in first ? {index: top.digest} : {}),
			layout: image.layout,
		},
	}
}

type Found = Exclude<Manifest, {readonly next: Descriptor}> & {readonly digest: string}

async function followed(repository: Repository, next: Descriptor, name: string): Promise<Found> {
	const {bytes, digest} = await repository.manifest(next.digest, accepted)
	const found = readManifest(bytes, name)
	if ("next" in found) throw refused("NoModule", `${name} is an index of an index, which hosts do not follow`)
	return {...found, digest}
}
