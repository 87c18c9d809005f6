/** Variables whose values are secrets of Pulumi's. */
const secretVariables = [
	"PULUMI_CONFIG_PASSPHRASE",
	"PULUMI_ACCESS_TOKEN",
	"AWS_SECRET_ACCESS_KEY",
	"AWS_SESSION_TOKEN",
	"AZURE_STORAGE_KEY",
	"AZURE_CLIENT_SECRET",
] as const

type Env = Readonly<Record<string, string | undefined>>

/** Shorter ones would blot out half of every line, and no secret worth its name is that short. */
const shortest = 4

const escapeCode = "\u001b"
const terminalCodes = new RegExp(`${escapeCode}\\[[0-9;?]*[A-Za-z]`, "g")

/**
 * Makes a line of Pulumi's safe to show: without its colour marks, without the values of secret variables, and without
 * the credentials of addresses.
 */
export function redactor(env: Env): (text: string) => string {
	const secrets = secretVariables
		.map((name) => env[name] ?? "")
		.filter((value) => value.length >= shortest)
		.sort((a, b) => b.length - a.length)
	return (text) => {
		const plain = text
			.replace(/<\{%.*?%\}>/g, "")
			.replace(terminalCodes, "")
			.replace(/\/\/[^/\s:@]+:[^/\s@]+@/g, "//…@")
		return secrets.reduce((line, secret) => line.replaceAll(secret, "…"), plain)
	}
}
