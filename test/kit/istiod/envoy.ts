import {spawn} from "node:child_process"
import {once} from "node:events"
import {mkdtempSync, rmSync, writeFileSync} from "node:fs"
import {connect as connectTcp, type Socket} from "node:net"
import {tmpdir} from "node:os"
import {join} from "node:path"
import {connect as connectTls} from "node:tls"
import {freePorts} from "../../../installer/sandbox/proc/ports.ts"
import {described} from "../../../profiles/policy/compare.ts"
import {principalOf, type Request, type Token} from "../../../profiles/policy/request.ts"
import type {Authority, Certified} from "../certificates.ts"
import {waitFor} from "../wait.ts"
import type {Filter} from "./debug.ts"

/*
 * A real Envoy that enforces what istiod generated for one proxy. Around istiod's filters stand a listener of its own,
 * which learns addresses and ports from the PROXY protocol, mutual TLS by the test's certificates, and an answer in
 * the place of an upstream.
 */

export type Served = {
	/** Istiod's manager of HTTP connections, with its filters. */
	readonly manager: Filter
	/** Istiod's filters of other connections. */
	readonly connection: readonly Filter[]
}

export type Asked = "admitted" | "refused"
export type Envoy = {
	/** Puts a request to the n-th of what is served. */
	ask(index: number, request: Request): Promise<Asked>
	stop(): Promise<void>
}

const stock = /^envoy\.filters\.(http|network)\.(rbac|jwt_authn)$/
const typed = (type: string, fields: object = {}) => ({
	"@type": `type.googleapis.com/envoy.${type}`,
	...fields,
})

export async function startEnvoy(
	program: string,
	served: readonly Served[],
	ca: Authority,
	sign: (token: Token) => string,
): Promise<Envoy> {
	const ports = await freePorts(served.length * 2 + 1)
	const [admin = 0] = ports
	const portsOf = (index: number) => ({
		http: ports[1 + 2 * index] ?? 0,
		connection: ports[2 + 2 * index] ?? 0,
	})
	const folder = mkdtempSync(join(tmpdir(), "envoy-"))
	const own = ca.issue("spiffe://cluster.local/ns/shop/sa/cart")
	const listeners = served.flatMap(({manager, connection}, index) => {
		const {http, connection: plain} = portsOf(index)
		return [listener(http, [managed(manager)], own, ca), listener(plain, plainFilters(connection), own, ca)]
	})
	const bootstrap = {
		admin: {address: address(admin)},
		static_resources: {listeners},
		// Its own words for it: any text of a policy may be matched by a regular expression.
		layered_runtime: {layers: [{name: "tests", static_layer: {"re2.max_program_size.error_level": 1000}}]},
	}
	writeFileSync(join(folder, "envoy.json"), JSON.stringify(bootstrap))
	const child = spawn(
		program,
		[
			"-c",
			join(folder, "envoy.json"),
			"--concurrency",
			"1",
			"--use-dynamic-base-id",
			"--log-level",
			"warning",
		],
		{stdio: ["ignore", "ignore", "pipe"]},
	)
	let log = ""
	child.stderr.setEncoding("utf8").on("data", (chunk: string) => (log = (log + chunk).slice(-4_000)))
	const stop = async () => {
		child.kill("SIGKILL")
		if (child.exitCode === null && child.signalCode === null) await once(child, "exit")
		rmSync(folder, {recursive: true, force: true})
	}
	try {
		await waitFor(
			"Envoy to be ready",
			async () => {
				if (child.exitCode !== null) return {exit: child.exitCode, log}
				return {status: (await fetch(`http://127.0.0.1:${admin}/ready`)).status, log}
			},
			(seen) => "exit" in seen || seen.status === 200,
			{timeoutMs: 60_000},
		)
		if (child.exitCode !== null) throw new Error(`Envoy ended: ${log}`)
	} catch (error) {
		await stop()
		throw error
	}
	const certificates = new Map<string, Certified>()
	const certificateOf = (principal: string) => {
		const had = certificates.get(principal) ?? ca.issue(`spiffe://${principal}`)
		certificates.set(principal, had)
		return had
	}
	return {
		stop,
		ask: async (index, request) => {
			const {http, connection} = portsOf(index)
			const socket = await reach(request.http ? http : connection, request)
			const {identity} = request.source
			const wire = identity ? secured(socket, certificateOf(principalOf(identity)), ca) : socket
			const late = setTimeout(() => wire.destroy(new Error("nothing for 30 s")), 30_000)
			try {
				return await answered(wire, request, sign)
			} catch (cause) {
				throw new Error(`Envoy does not answer ${described(request)}: ${cause}`, {cause})
			} finally {
				clearTimeout(late)
				wire.destroy()
			}
		},
	}
}

const address = (port: number) => ({socket_address: {address: "127.0.0.1", port_value: port}})

function listener(port: number, filters: readonly object[], own: Certified, ca: Authority) {
	const tls = typed("extensions.transport_sockets.tls.v3.DownstreamTlsContext", {
		common_tls_context: {
			tls_certificates: [
				{certificate_chain: {inline_string: own.cert}, private_key: {inline_string: own.key}},
			],
			validation_context: {trusted_ca: {inline_string: ca.cert}},
		},
	})
	return {
		name: `listener-${port}`,
		address: address(port),
		listener_filters: [
			{
				name: "envoy.filters.listener.proxy_protocol",
				typed_config: typed("extensions.filters.listener.proxy_protocol.v3.ProxyProtocol"),
			},
			{
				name: "envoy.filters.listener.tls_inspector",
				typed_config: typed("extensions.filters.listener.tls_inspector.v3.TlsInspector"),
			},
		],
		filter_chains: [
			{
				filter_chain_match: {transport_protocol: "tls"},
				transport_socket: {name: "envoy.transport_sockets.tls", typed_config: tls},
				filters,
			},
			{filter_chain_match: {transport_protocol: "raw_buffer"}, filters},
		],
	}
}

/** Istiod's manager as it is, without the filters that a stock Envoy lacks, and with an answer for every request. */
function managed({name, typedConfig}: Filter): object {
	const {accessLog, tracing, upgradeConfigs, rds, httpFilters, ...kept} = typedConfig
	const router = {
		name: "envoy.filters.http.router",
		typed_config: typed("extensions.filters.http.router.v3.Router"),
	}
	const route = {match: {prefix: "/"}, direct_response: {status: 200}}
	return {
		name,
		typedConfig: {
			...kept,
			httpFilters: [...(httpFilters as Filter[]).filter((one) => stock.test(one.name)), router],
			routeConfig: {virtual_hosts: [{name: "all", domains: ["*"], routes: [route]}]},
		},
	}
}

const plainFilters = (filters: readonly Filter[]): readonly object[] => [
	...filters.filter((one) => stock.test(one.name)),
	{name: "envoy.filters.network.echo", typed_config: typed("extensions.filters.network.echo.v3.Echo")},
]

/** Connects, and says whose connection it is and where to. */
async function reach(port: number, {source, destination}: Request): Promise<Socket> {
	const socket = connectTcp(port, "127.0.0.1")
	await once(socket, "connect")
	socket.write(`PROXY TCP4 ${source.ip} ${destination.ip} 40000 ${destination.port}\r\n`)
	return socket
}

/** What is written before the handshake is over waits for it. */
const secured = (socket: Socket, own: Certified, ca: Authority): Socket =>
	connectTls({socket, ...own, ca: ca.cert, checkServerIdentity: () => undefined})

async function answered(wire: Socket, {http}: Request, sign: (token: Token) => string): Promise<Asked> {
	wire.write(http === undefined ? greeting : written(http, sign))
	const said = await firstOf(wire)
	if (http === undefined) return said === greeting ? "admitted" : "refused"
	const status = /^HTTP\/1\.1 (\d+)/.exec(said)?.[1]
	if (status === "200") return "admitted"
	if (status === "403") return "refused"
	throw new Error(`it says ${said.slice(0, 200)}`)
}

const greeting = "hello"

function written(
	{method, path, query, host, headers, token}: NonNullable<Request["http"]>,
	sign: (token: Token) => string,
): string {
	const lines = [
		`${method} ${path}${query === undefined ? "" : `?${query}`} HTTP/1.1`,
		`host: ${host}`,
		...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
		...(token === undefined ? [] : [`authorization: Bearer ${sign(token)}`]),
		"content-length: 0",
	]
	return `${lines.join("\r\n")}\r\n\r\n`
}

/** The first that the other side says; nothing where it closes without a word. */
const firstOf = (wire: Socket): Promise<string> =>
	new Promise((done, fail) => {
		wire.once("data", (chunk: Buffer) => done(chunk.toString()))
		wire.once("end", () => done(""))
		wire.once("error", fail)
	})
