import {spawn} from "node:child_process"
import {readFile} from "node:fs/promises"
import {homedir} from "node:os"
import {join} from "node:path"
import {z} from "zod"
import {AbortError, invalidInput, messageOf} from "../../abort.ts"
import {exit} from "../../exit.ts"

export type Credentials =
	| {readonly user: string; readonly password: string}
	/** Exchanged for an access token at the registry's authorization service. */
	| {readonly identityToken: string}

const entry = z.looseObject({
	auth: z.string().optional(),
	username: z.string().optional(),
	password: z.string().optional(),
	identitytoken: z.string().optional(),
})
const config = z.looseObject({
	auths: z.record(z.string(), entry).default({}),
	credHelpers: z.record(z.string(), z.string()).default({}),
	credsStore: z.string().optional(),
})

const dockerHub = "index.docker.io"
/** Docker's own key of Docker Hub. */
const dockerHubKey = "https://index.docker.io/v1/"

/**
 * Who to be at a registry, as `docker login` left it in `$DOCKER_CONFIG/config.json` or `~/.docker/config.json`;
 * undefined where it says nothing. @throws AbortError
 */
export async function credentialsFor(
	registry: string,
	env: NodeJS.ProcessEnv = process.env,
): Promise<Credentials | undefined> {
	const file = join(env.DOCKER_CONFIG || join(homedir(), ".docker"), "config.json")
	const {auths, credHelpers, credsStore} = await read(file)
	const key = registry === dockerHub ? dockerHubKey : registry
	const helper = credHelpers[key] ?? credHelpers[registry]
	if (helper !== undefined) return await fromHelper(helper, key, file)
	const own = [key, registry, `https://${registry}`, `https://${registry}/v1/`, `https://${registry}/v2/`]
		.map((name) => auths[name])
		.find((one) => one !== undefined && Object.keys(one).length > 0)
	if (own !== undefined) return credentialsOf(own, registry, file)
	return credsStore ? await fromHelper(credsStore, key, file) : undefined
}

async function read(file: string): Promise<z.infer<typeof config>> {
	let text: string
	try {
		text = await readFile(file, "utf8")
	} catch {
		return config.parse({})
	}
	try {
		return config.parse(JSON.parse(text))
	} catch (error) {
		throw invalidInput(`${file} cannot be read: ${messageOf(error)}`, {
			tryMessage: "Correct it, or log in again with `docker login`.",
		})
	}
}

function credentialsOf(
	{auth, username, password, identitytoken}: z.infer<typeof entry>,
	registry: string,
	file: string,
): Credentials | undefined {
	if (identitytoken) return {identityToken: identitytoken}
	if (username !== undefined && password !== undefined) return {user: username, password}
	if (!auth) return undefined
	const text = Buffer.from(auth, "base64").toString("utf8")
	const colon = text.indexOf(":")
	if (colon < 1)
		throw invalidInput(`${file}: auths.${registry}.auth is not the base64 of user:password`, {
			tryMessage: `Log in again with \`docker login ${registry}\`.`,
		})
	return {user: text.slice(0, colon), password: text.slice(colon + 1).replace(/\0+$/, "")}
}

/** Runs the helper that the person chose, by the protocol of docker-credential-helpers. */
function fromHelper(name: string, key: string, file: string): Promise<Credentials | undefined> {
	const program = `docker-credential-${name}`
	return new Promise((resolve, reject) => {
		const child = spawn(program, ["get"], {stdio: ["pipe", "pipe", "ignore"], timeout: 30_000})
		let output = ""
		child.stdout.on("data", (data: Buffer) => (output += data))
		child.stdin.on("error", () => {})
		child.stdin.end(key)
		child.once("error", (cause) =>
			reject(
				new AbortError(
					"CredentialHelperMissing",
					`${file} names ${program} for ${key}, and it cannot be run`,
					{
						exit: exit.refused,
						tryMessage: `Put ${program} on PATH, or log in without it.`,
						cause,
					},
				),
			),
		)
		child.once("close", (code) => resolve(code === 0 ? ofHelper(output) : undefined))
	})
}

function ofHelper(output: string): Credentials | undefined {
	const said = z.looseObject({Username: z.string(), Secret: z.string()}).safeParse(parsed(output))
	if (!said.success) return undefined
	const {Username: user, Secret: password} = said.data
	return user === "<token>" ? {identityToken: password} : {user, password}
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text)
	} catch {
		return undefined
	}
}
