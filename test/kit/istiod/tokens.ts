import {generateKeyPairSync, sign} from "node:crypto"
import type {Token} from "../../../profiles/policy/request.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import {policy} from "../../../profiles/testing/builders.ts"

/** A key that signs tokens, and what makes proxies verify those of these issuers by it. */
export function tokenIssuer(issuers: readonly string[]): {
	readonly sign: (token: Token) => string
	readonly authentication: KubeObject
} {
	const {privateKey, publicKey} = generateKeyPairSync("ec", {namedCurve: "prime256v1"})
	const jwks = JSON.stringify({keys: [{...publicKey.export({format: "jwk"}), kid: "test", alg: "ES256"}]})
	return {
		authentication: policy("RequestAuthentication", "tokens", {
			jwtRules: issuers.map((issuer) => ({issuer, jwks})),
		}),
		sign: ({issuer, subject, audiences, presenter, claims}) => {
			const payload = {
				iss: issuer,
				sub: subject,
				aud: audiences,
				...(presenter !== undefined && {azp: presenter}),
				...claims,
				exp: Math.floor(Date.now() / 1000) + 3600,
			}
			const body = [{alg: "ES256", kid: "test", typ: "JWT"}, payload]
				.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
				.join(".")
			const signature = sign("sha256", Buffer.from(body), {key: privateKey, dsaEncoding: "ieee-p1363"})
			return `${body}.${signature.toString("base64url")}`
		},
	}
}
