import {existsSync} from "node:fs"
import type {RequestOptions} from "node:https"
import {homedir} from "node:os"
import {delimiter, join} from "node:path"
import type {KubeConfig} from "@kubernetes/client-node"
import {ConfigError} from "./config-error.ts"

/** What one request needs to be let in. */
export type Credentials = {
	readonly headers: Readonly<Record<string, string>>
	readonly tls: Tls
}
export type Tls = {
	readonly ca?: string | Buffer
	readonly cert?: string | Buffer
	readonly key?: string | Buffer
	readonly rejectUnauthorized?: boolean
	readonly servername?: string
}

/** One cluster, and who we are there. */
export type ClusterConfig = {
	readonly context: string
	/** The API server's address, without a slash at its end. */
	readonly server: string
	/** The namespace of the context; `default` when it names none. */
	readonly namespace: string
	readonly proxy?: string
	/** `fresh` reads the files again and asks a credential plugin again: for after a 401. */
	credentials(options?: {readonly fresh?: boolean}): Promise<Credentials>
}

export type ConfigOptions = {
	/** A file; else the KUBECONFIG variable, ~/.kube/config, or the pod's own service account. */
	readonly kubeconfig?: string | undefined
	readonly context?: string | undefined
	readonly env?: Readonly<Record<string, string | undefined>>
}

/**
 * Finds the cluster as kubectl would. client-node only reads the configuration and runs credential plugins; it is
 * loaded here and not earlier, since its import costs a third of a second.
 */
export async function loadConfig(options: ConfigOptions = {}): Promise<ClusterConfig> {
	let config = await read(options)
	const context = contextOf(config, options.context)
	const cluster = config.getCluster(context.cluster)
	if (cluster === null)
		throw new ConfigError(
			`the context ${context.name} names the cluster ${context.cluster}, which the kubeconfig does not define`,
			"Add the cluster to the kubeconfig, or choose another context with --context.",
		)
	if (config.getUser(context.user) === null)
		throw new ConfigError(
			`the context ${context.name} names the user ${context.user}, whom the kubeconfig does not define`,
			"Add the user to the kubeconfig, or choose another context with --context.",
		)
	config.setCurrentContext(context.name)
	const {proxyUrl} = cluster as {proxyUrl?: string}
	return {
		context: context.name,
		server: cluster.server.replace(/\/+$/, ""),
		namespace: context.namespace || "default",
		...(proxyUrl ? {proxy: proxyUrl} : {}),
		async credentials({fresh = false} = {}) {
			if (fresh) {
				config = await read(options)
				config.setCurrentContext(context.name)
			}
			return credentialsOf(config)
		},
	}
}

/** One context of the kubeconfig, for somebody who chooses. */
export type ContextChoice = {readonly name: string; readonly server: string; readonly current: boolean}

/** Every context, in the order of the kubeconfig; a pod's own account has one. @throws ConfigError */
export async function listContexts(options: ConfigOptions = {}): Promise<readonly ContextChoice[]> {
	const config = await read(options)
	const current = config.getCurrentContext()
	return config.getContexts().map(({name, cluster}) => ({
		name,
		server: config.getCluster(cluster)?.server ?? "",
		current: name === current,
	}))
}

function contextOf(config: KubeConfig, wanted: string | undefined) {
	const names = config.getContexts().map(({name}) => name)
	const known = names.length === 0 ? "it defines none" : `it defines ${names.join(", ")}`
	if (wanted === undefined && !config.getCurrentContext())
		throw new ConfigError(`the kubeconfig has no current-context; ${known}`, "Choose one with --context.")
	const name = wanted ?? config.getCurrentContext()
	const context = config.getContextObject(name)
	if (context === null)
		throw new ConfigError(
			`the kubeconfig has no context ${name}; ${known}`,
			"Choose one of them with --context.",
		)
	return context
}

async function read({kubeconfig, env = process.env}: ConfigOptions): Promise<KubeConfig> {
	const {KubeConfig} = await import("@kubernetes/client-node")
	const files = filesOf(kubeconfig, env)
	const config = new KubeConfig()
	if (files === "in-cluster") {
		config.loadFromCluster()
		return config
	}
	for (const [index, file] of files.entries()) {
		const one = index === 0 ? config : new KubeConfig()
		try {
			one.loadFromFile(file)
		} catch (error) {
			throw new ConfigError(
				`the kubeconfig ${file} cannot be read: ${(error as Error).message}`,
				"Correct the file, or give another with --kubeconfig.",
				error,
			)
		}
		// kubectl's rule for several files: the first that sets the current context wins.
		if (index > 0) config.mergeConfig(one, Boolean(config.getCurrentContext()))
	}
	return config
}

function filesOf(
	explicit: string | undefined,
	env: Readonly<Record<string, string | undefined>>,
): readonly string[] | "in-cluster" {
	if (explicit !== undefined) {
		if (existsSync(explicit)) return [explicit]
		throw new ConfigError(
			`the kubeconfig ${explicit} does not exist`,
			"Give the path of an existing file with --kubeconfig.",
		)
	}
	const listed = (env.KUBECONFIG ?? "").split(delimiter).filter((file) => file !== "")
	if (listed.length > 0) {
		const existing = listed.filter((file) => existsSync(file))
		if (existing.length > 0) return existing
		throw new ConfigError(
			`KUBECONFIG names ${listed.join(", ")}, which does not exist`,
			"Correct the variable, or give a file with --kubeconfig.",
		)
	}
	const standard = join(env.HOME ?? homedir(), ".kube", "config")
	if (existsSync(standard)) return [standard]
	if (env.KUBERNETES_SERVICE_HOST) return "in-cluster"
	throw new ConfigError(
		`there is no kubeconfig: ${standard} does not exist, KUBECONFIG is not set, and this is no pod of a cluster`,
		"Give a file with --kubeconfig, or start a throw-away cluster with: heddle sandbox up",
	)
}

async function credentialsOf(config: KubeConfig): Promise<Credentials> {
	const options: RequestOptions = {headers: {}}
	try {
		await config.applyToHTTPSOptions(options)
	} catch (error) {
		throw credentialError(config, error)
	}
	const headers: Record<string, string> = {}
	// A token file ends in a newline, which no header may hold.
	for (const [name, value] of Object.entries(options.headers ?? {}))
		headers[name.toLowerCase()] = String(value).trim()
	if (options.auth) headers.authorization = `Basic ${Buffer.from(options.auth).toString("base64")}`
	const {ca, cert, key, rejectUnauthorized, servername} = options
	const tls = Object.fromEntries(
		Object.entries({ca, cert, key, rejectUnauthorized, servername}).filter(
			([, value]) => value !== undefined,
		),
	)
	return {headers, tls}
}

function credentialError(config: KubeConfig, error: unknown): ConfigError {
	const user = config.getCurrentUser()
	const command = user?.exec?.command ?? user?.authProvider?.config?.exec?.command
	const said = (error instanceof Error ? error.message : String(error)).trim().slice(0, 500)
	if (command === undefined)
		return new ConfigError(
			`the credentials of ${user?.name ?? "the user"} cannot be read: ${said}`,
			"Check the files that the kubeconfig names.",
			error,
		)
	return new ConfigError(
		`the credential plugin ${command} of the user ${user?.name} failed: ${said || "it said nothing"}`,
		`Run ${command} by hand; it may need to be installed, or you may need to log in again.`,
		error,
	)
}
