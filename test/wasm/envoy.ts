import {type ChildProcess, spawn} from "node:child_process"
import {mkdtemp, readFile, rm, writeFile} from "node:fs/promises"
import {createServer} from "node:http"
import type {AddressInfo} from "node:net"
import {tmpdir} from "node:os"
import {join} from "node:path"
import {waitFor} from "../kit/wait.ts"

/** A module as an HTTP filter of Envoy. */
export type Filter = {
	readonly name: string
	/** A file on this machine. */
	readonly module: string
	readonly config?: unknown
	readonly failurePolicy?: "FAIL_CLOSED" | "FAIL_OPEN"
}

export type Envoy = {
	/** Where requests go in; what passes reaches an application that answers 200 with what it saw. */
	readonly url: string
	readonly pid: number
	/** Of the admin interface. */
	stats(filter: string): Promise<Record<string, number>>
	logs(): string
	stop(): Promise<void>
}

/** Envoy ended before it listened. */
export class EnvoyRefused extends Error {}

const any = "127.0.0.1"
const type = (name: string) => `type.googleapis.com/envoy.${name}`

/**
 * Runs a real Envoy on the loopback interface, with one worker, in front of an application of ours.
 * @throws EnvoyRefused with its log, when it refuses a module or a configuration
 */
export async function startEnvoy(program: string, filters: readonly Filter[]): Promise<Envoy> {
	const folder = await mkdtemp(join(tmpdir(), "heddle-envoy-"))
	const application = createServer(({headers}, response) => {
		response.setHeader("content-type", "application/json")
		response.end(JSON.stringify(headers))
	})
	await new Promise<void>((resolve) => application.listen(0, any, resolve))
	const {port} = application.address() as AddressInfo
	const [config, adminFile] = [join(folder, "envoy.json"), join(folder, "admin")]
	await writeFile(config, JSON.stringify(bootstrap(filters, port)))
	const flags = [
		"--concurrency",
		"1",
		"--log-level",
		"warning",
		"--component-log-level",
		"wasm:info",
		"--disable-hot-restart",
	]
	const child = spawn(program, ["-c", config, "--admin-address-path", adminFile, ...flags], {
		stdio: ["ignore", "ignore", "pipe"],
	})
	let log = ""
	child.stderr.on("data", (data: Buffer) => (log += data))
	const stop = async () => {
		await ended(child)
		application.closeAllConnections()
		await new Promise((resolve) => application.close(resolve))
		await rm(folder, {recursive: true, force: true})
	}
	try {
		const admin = await addressOf(child, adminFile, () => log)
		return {
			url: `http://${await listenerOf(admin)}`,
			pid: child.pid ?? 0,
			stats: (filter) => statsOf(admin, filter),
			logs: () => log,
			stop,
		}
	} catch (error) {
		await stop()
		throw error
	}
}

async function addressOf(child: ChildProcess, file: string, log: () => string): Promise<string> {
	return await waitFor(
		"Envoy",
		async () => {
			if (child.exitCode !== null) return {ended: true as const}
			const address = await readFile(file, "utf8").catch(() => "")
			if (address === "") return undefined
			const ready = await fetch(`http://${address}/ready`).catch(() => undefined)
			return ready?.status === 200 ? {address} : undefined
		},
		(seen) => seen !== undefined,
	).then((seen) => {
		if (seen === undefined || "ended" in seen) throw new EnvoyRefused(log())
		return seen.address
	})
}

async function listenerOf(admin: string): Promise<string> {
	const response = await fetch(`http://${admin}/listeners`)
	return (await response.text()).trim().split("::").at(-1) ?? ""
}

async function statsOf(admin: string, filter: string): Promise<Record<string, number>> {
	const response = await fetch(`http://${admin}/stats?filter=${encodeURIComponent(filter)}`)
	return Object.fromEntries(
		(await response.text())
			.trim()
			.split("\n")
			.filter((line) => line !== "")
			.map((line) => line.split(": "))
			.map(([name = "", value]) => [name, Number(value)]),
	)
}

async function ended(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return
	const end = new Promise((resolve) => child.once("exit", resolve))
	child.kill("SIGKILL")
	await end
}

function bootstrap(filters: readonly Filter[], port: number): object {
	const at = (number: number) => ({socket_address: {address: any, port_value: number}})
	const router = {
		name: "envoy.filters.http.router",
		typed_config: {"@type": type("extensions.filters.http.router.v3.Router")},
	}
	const manager = {
		"@type": type("extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"),
		stat_prefix: "in",
		route_config: {
			virtual_hosts: [
				{name: "all", domains: ["*"], routes: [{match: {prefix: "/"}, route: {cluster: "application"}}]},
			],
		},
		http_filters: [...filters.map(wasmFilter), router],
	}
	const tcp = {name: "envoy.filters.network.http_connection_manager", typed_config: manager}
	const endpoint = {endpoint: {address: at(port)}}
	return {
		admin: {address: at(0)},
		static_resources: {
			listeners: [{name: "in", address: at(0), filter_chains: [{filters: [tcp]}]}],
			clusters: [
				{
					name: "application",
					type: "STATIC",
					load_assignment: {cluster_name: "application", endpoints: [{lb_endpoints: [endpoint]}]},
				},
			],
		},
	}
}

function wasmFilter({name, module, config, failurePolicy = "FAIL_CLOSED"}: Filter): object {
	const text = typeof config === "string" ? config : JSON.stringify(config ?? {})
	return {
		name: `envoy.filters.http.wasm.${name}`,
		typed_config: {
			"@type": type("extensions.filters.http.wasm.v3.Wasm"),
			config: {
				name,
				root_id: name,
				failure_policy: failurePolicy,
				configuration: {"@type": "type.googleapis.com/google.protobuf.StringValue", value: text},
				vm_config: {
					vm_id: name,
					runtime: "envoy.wasm.runtime.v8",
					code: {local: {filename: module}},
				},
			},
		},
	}
}
