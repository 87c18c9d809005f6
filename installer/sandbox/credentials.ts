import {generateKeyPairSync, randomBytes} from "node:crypto"
import {chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync} from "node:fs"
import type {Layout} from "./layout.ts"

/**
 * One random administrator token and one service-account key per sandbox. Serving certificates are left to the API
 * server, which signs its own: nothing here needs an X.509 library, and no key is ever shared between sandboxes.
 */
export function ensureCredentials(at: Layout): void {
	mkdirSync(at.certs, {recursive: true, mode: 0o700})
	mkdirSync(at.logs, {recursive: true, mode: 0o700})
	mkdirSync(at.sockets, {recursive: true, mode: 0o700})
	if (!existsSync(at.serviceAccountKey)) {
		const pair = generateKeyPairSync("ec", {namedCurve: "prime256v1"})
		writeFileSync(at.serviceAccountKey, pair.privateKey.export({type: "sec1", format: "pem"}), {mode: 0o600})
		writeFileSync(at.serviceAccountPublicKey, pair.publicKey.export({type: "spki", format: "pem"}))
	}
	if (!existsSync(at.tokens)) {
		const token = randomBytes(24).toString("hex")
		writeFileSync(at.tokens, `${token},heddle-sandbox-admin,heddle-sandbox-admin,"system:masters"\n`, {
			mode: 0o600,
		})
	}
}

export function adminToken(at: Layout): string {
	return readFileSync(at.tokens, "utf8").split(",", 1)[0] ?? ""
}

export type Access = {server: string; ca: string; token: string; name: string; namespace?: string}

/** Written as text: the few values in it are base64, hexadecimal, a name and a URL, none of which needs quoting. */
export function kubeconfigText({server, ca, token, name, namespace}: Access): string {
	return `apiVersion: v1
kind: Config
current-context: ${name}
clusters:
- name: ${name}
  cluster:
    server: ${server}
    certificate-authority-data: ${Buffer.from(ca).toString("base64")}
contexts:
- name: ${name}
  context:
    cluster: ${name}
    user: ${name}${namespace ? `\n    namespace: ${namespace}` : ""}
users:
- name: ${name}
  user:
    token: ${token}
`
}

export function writeKubeconfig(path: string, access: Access): void {
	writeFileSync(path, kubeconfigText(access), {mode: 0o600})
	chmodSync(path, 0o600) // `mode` does not touch a file that was there before
}
