import type {Binary} from "./catalogue.ts"

/** An upstream release artefact and where its publisher states its SHA-256. */
export type Release = {
	url: string
	/** Either a file with the one digest, or the usual `digest  filename` list. */
	checksumUrl: string
	/** Set for a .tar.gz: the path of the program inside. */
	member?: string
}

const architectures: Record<string, string> = {x64: "amd64", arm64: "arm64"}

export const goArch = (arch: string = process.arch): string => architectures[arch] ?? arch

/**
 * Only artefacts whose publisher states a SHA-256 are listed: an unverifiable download is never run.
 * Not listed: pilot-discovery (published as an image only) and kwok (no checksum file known to us).
 */
export function releaseOf(
	binary: Binary,
	os: string = process.platform,
	arch: string = goArch(),
): Release | undefined {
	if (os !== "linux" || !["amd64", "arm64"].includes(arch)) return undefined
	if (binary.group === "kubernetes" || binary.group === "kubelet") {
		const url = `https://dl.k8s.io/release/v${binary.version}/bin/${os}/${arch}/${binary.name}`
		return {url, checksumUrl: `${url}.sha256`}
	}
	if (binary.group === "etcd") {
		const base = `https://github.com/etcd-io/etcd/releases/download/v${binary.version}`
		const stem = `etcd-v${binary.version}-${os}-${arch}`
		return {url: `${base}/${stem}.tar.gz`, checksumUrl: `${base}/SHA256SUMS`, member: `${stem}/etcd`}
	}
	if (binary.group === "helm") {
		const url = `https://get.helm.sh/helm-v${binary.version}-${os}-${arch}.tar.gz`
		return {url, checksumUrl: `${url}.sha256sum`, member: `${os}-${arch}/helm`}
	}
	return undefined
}

/** The digest that a checksum file states for the artefact at `url`. */
export function digestFor(url: string, checksumText: string): string | undefined {
	const file = url.slice(url.lastIndexOf("/") + 1)
	const lines = checksumText
		.trim()
		.split("\n")
		.map((line) => line.trim().split(/\s+\*?/))
	const line = lines.find(([, name]) => name === file) ?? (lines.length === 1 ? lines[0] : undefined)
	const digest = line?.[0]?.toLowerCase()
	return digest && /^[0-9a-f]{64}$/.test(digest) ? digest : undefined
}
