import {InvalidArgumentError} from "commander"
import {valid} from "semver"
import {wasmHosts} from "../../profiles/wasm-hosts/hosts.ts"

const names = [...new Set(wasmHosts.map(({name}) => String(name)))]

/** `istio-sidecar` or `istio-sidecar@1.31.0`. @throws InvalidArgumentError */
export function parseHost(text: string, before: readonly string[] = []): string[] {
	const [name = "", version, ...rest] = text.split("@")
	if (!names.includes(name)) throw new InvalidArgumentError(`The hosts are ${names.join(", ")}.`)
	if (rest.length > 0 || (version !== undefined && valid(version) === null))
		throw new InvalidArgumentError(`Give a whole version, such as ${name}@1.31.0.`)
	return [...before, text]
}

/** In lower case, without `sha256:`. @throws InvalidArgumentError */
export function parseDigest(text: string): string {
	const digest = text.replace(/^sha256:/, "").toLowerCase()
	if (!/^[0-9a-f]{64}$/.test(digest))
		throw new InvalidArgumentError("Give 64 hexadecimal digits, as sha256sum prints them.")
	return digest
}
