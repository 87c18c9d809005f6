import {createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign} from "node:crypto"

/*
 * Certificates for tests, of an identity of SPIFFE or of a host. Node signs but does not write them; these few lines of DER do.
 * Source: RFC 5280, section 4.1
 */

export type Certified = {readonly cert: string; readonly key: string}
export type Authority = {
	readonly cert: string
	/** For a URI, or for the name of a host. */
	issue(name: string): Certified
}

/** A certificate authority of this moment, whose keys are kept nowhere. */
export function authority(): Authority {
	const {privateKey} = newKey()
	const cert = certificate({
		subject: "ca",
		key: privateKey,
		signer: privateKey,
		extensions: [basicConstraints],
	})
	return {
		cert,
		issue: (name) => {
			const own = newKey().privateKey
			const extensions = [subjectAlternativeName(name)]
			return {
				cert: certificate({subject: "workload", key: own, signer: privateKey, extensions}),
				key: own.export({type: "pkcs8", format: "pem"}).toString(),
			}
		},
	}
}

const newKey = () => generateKeyPairSync("ec", {namedCurve: "prime256v1"})

type Wish = {
	readonly subject: string
	readonly key: KeyObject
	readonly signer: KeyObject
	readonly extensions: readonly Buffer[]
}

function certificate({subject, key, signer, extensions}: Wish): string {
	const day = 86_400_000
	const validity = [-day, day].map((offset) => der(0x17, Buffer.from(utcTime(Date.now() + offset))))
	const body = sequence(
		der(0xa0, integer(Buffer.from([2]))),
		integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
		ecdsaWithSHA256,
		named("ca"),
		sequence(...validity),
		named(subject),
		createPublicKey(key).export({type: "spki", format: "der"}),
		der(0xa3, sequence(...extensions)),
	)
	const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign("sha256", body, signer)]))
	const text = sequence(body, ecdsaWithSHA256, signature).toString("base64")
	return `-----BEGIN CERTIFICATE-----\n${text.replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`
}

const utcTime = (at: number): string => `${new Date(at).toISOString().slice(2, 19).replace(/[-:T]/g, "")}Z`

function der(tag: number, content: Buffer): Buffer {
	const {length} = content
	const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
	return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, Buffer.concat(parts))
const integer = (value: Buffer): Buffer => der(0x02, value)
const identifier = (hex: string): Buffer => der(0x06, Buffer.from(hex, "hex"))

const ecdsaWithSHA256 = sequence(identifier("2a8648ce3d040302"))
const named = (common: string): Buffer =>
	sequence(der(0x31, sequence(identifier("550403"), der(0x0c, Buffer.from(common)))))

const extension = (id: string, value: Buffer): Buffer => sequence(identifier(id), der(0x04, value))
const basicConstraints = extension("551d13", sequence(der(0x01, Buffer.from([255]))))
const subjectAlternativeName = (name: string): Buffer =>
	extension("551d11", sequence(der(name.includes("://") ? 0x86 : 0x82, Buffer.from(name))))
