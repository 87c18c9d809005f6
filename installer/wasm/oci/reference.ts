import {invalidInput} from "../../abort.ts"

/** An image in a registry, by tag or by digest; both where both are given, and then the digest counts. */
export type Reference = {
	/** With its port. */
	readonly registry: string
	readonly repository: string
	readonly tag?: string
	/** `sha256:…` */
	readonly digest?: string
}

const form = /^oci:\/\/([^/@\s]+)\/([^:@\s]+)(?::([^@\s]+))?(?:@(.+))?$/
const repositoryForm = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/

/** Reads `oci://registry/repository:tag@sha256:…`. @throws AbortError */
export function parseReference(address: string): Reference {
	const [, registry = "", repository = "", tag, digest] = form.exec(address) ?? []
	const wrong = (what: string) =>
		invalidInput(`${address}: ${what}`, {
			tryMessage:
				"An image is named as oci://registry.example/team/module:1.4.0, or with @sha256:… at its end.",
		})
	if (registry === "") throw wrong("it names no image")
	if (!/[.:]|^localhost$/.test(registry)) throw wrong(`${registry} is no registry; write its whole name`)
	if (!repositoryForm.test(repository)) throw wrong(`${repository} is no name of a repository`)
	if (tag !== undefined && !/^\w[\w.-]{0,127}$/.test(tag)) throw wrong(`${tag} is no tag`)
	if (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest))
		throw wrong("the digest has to be sha256: and 64 hexadecimal digits in lower case")
	return {
		registry: registry === "docker.io" ? "index.docker.io" : registry,
		repository,
		...(tag === undefined ? {} : {tag}),
		...(digest === undefined ? {} : {digest}),
	}
}
