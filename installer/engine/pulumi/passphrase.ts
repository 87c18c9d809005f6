import {randomBytes} from "node:crypto"
import {writeFile} from "node:fs/promises"
import {join} from "node:path"
import {codeOf} from "../../sandbox/errors.ts"

/**
 * Pulumi wants a passphrase for the secrets of a state that it keeps by itself. Where nobody has set one, it is a file
 * beside the state that Heddle keeps, made once, for this user's eyes only. For a backend of somebody's own it has to
 * be set: others have to know it, too.
 */
export async function passphrase(
	env: Readonly<Record<string, string | undefined>>,
	folder: string,
): Promise<Record<string, string>> {
	if (env.PULUMI_CONFIG_PASSPHRASE !== undefined || env.PULUMI_CONFIG_PASSPHRASE_FILE !== undefined) return {}
	const file = join(folder, "passphrase")
	try {
		await writeFile(file, randomBytes(32).toString("base64url"), {flag: "wx", mode: 0o600})
	} catch (error) {
		if (codeOf(error) !== "EEXIST") throw error
	}
	return {PULUMI_CONFIG_PASSPHRASE_FILE: file}
}
