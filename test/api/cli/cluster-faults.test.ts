import {writeFileSync} from "node:fs"
import {createServer, type Server} from "node:http"
import type {AddressInfo} from "node:net"
import {join} from "node:path"
import {expect, onTestFinished, test} from "vitest"
import {kubeconfigFor, serviceAccountKubeconfig} from "../../../installer/sandbox/index.ts"
import {heddle, jsonOf} from "../../kit/cli.ts"
import {useWorld} from "../../kit/sandbox.ts"
import {freshFolder} from "./folder.ts"

type ErrorDocument = {kind: string; code: string; message: string; fix: string; exitCode: number}

const world = useWorld()

function kubeconfig(server: string, name = "c"): string {
	const file = join(freshFolder(), "kubeconfig")
	writeFileSync(
		file,
		JSON.stringify({
			apiVersion: "v1",
			kind: "Config",
			"current-context": name,
			// Plain HTTP is only spoken to a server whose certificate nobody would check.
			clusters: [{name, cluster: {server, "insecure-skip-tls-verify": true}}],
			users: [{name, user: {}}],
			contexts: [{name, context: {cluster: name, user: name}}],
		}),
	)
	return file
}

const commands = [
	["plan"],
	["explain", "shop"],
	["status"],
	["migrate", "--yes"],
	["rollback", "shop", "--yes"],
]

async function fails(args: readonly string[], file: string): Promise<ErrorDocument> {
	const run = await heddle([...args, "--kubeconfig", file, "--output", "json"])
	const error = jsonOf<ErrorDocument>(run)
	expect([error.kind, error.exitCode]).toEqual(["Error", run.code])
	return error
}

test.each(commands)("heddle %s of a cluster that does not answer ends with 3", async (...args) => {
	const server = createServer()
	const address = await listening(server)
	await new Promise((done) => server.close(done))
	const error = await fails(args, kubeconfig(address))
	expect(error).toMatchObject({exitCode: 3, code: "Unreachable"})
	expect(error.fix).toContain("--context")
})

test("heddle check of a cluster that does not answer ends with 3: one finding, and nothing else was looked at", async () => {
	const server = createServer()
	const address = await listening(server)
	await new Promise((done) => server.close(done))
	const run = await heddle(["check", "--kubeconfig", kubeconfig(address), "--output", "json"])
	const {checks} = jsonOf<{checks: {id: string; state: string}[]}>(run)
	expect(run.code).toBe(3)
	expect(checks.filter(({state}) => state !== "notRun")).toMatchObject([
		{id: "api-reachable", state: "failed"},
	])
})

test("a context that is not in the kubeconfig ends with 2 and names those that are", async () => {
	const error = await fails(["plan", "--context", "other"], kubeconfig("http://127.0.0.1:1", "prod"))
	expect(error).toMatchObject({exitCode: 2, code: "Kubeconfig"})
	expect(error.message).toContain("prod")
})

test("a token that the API server does not take ends with 3 and says to log in", async () => {
	const file = join(freshFolder(), "kubeconfig")
	writeFileSync(file, kubeconfigFor({name: world().sandbox.name, token: "expired"}))
	const error = await fails(["status"], file)
	expect(error).toMatchObject({exitCode: 3, code: "Unauthorized"})
	expect(error.fix).toContain("Log in")
})

test.each([["plan"], ["status"]])(
	"heddle %s without permission ends with 3 and names verb and resource",
	async (command) => {
		const file = await serviceAccountKubeconfig({
			name: world().sandbox.name,
			namespace: "default",
			serviceAccount: "default",
			path: join(freshFolder(), "kubeconfig"),
		})
		const error = await fails([command], file)
		expect(error).toMatchObject({exitCode: 3, code: "Forbidden"})
		expect(error.message).toMatch(/list (namespaces|meshprofiles|meshbindings)/)
		expect(error.fix).toContain("kubectl auth can-i list")
	},
)

test("without the CRDs status ends with 3 and says how to install them (a stand-in that serves no group)", async () => {
	const answers: Readonly<Record<string, object>> = {
		"/api": {kind: "APIVersions", versions: ["v1"]},
		"/apis": {kind: "APIGroupList", apiVersion: "v1", groups: []},
		"/api/v1": {kind: "APIResourceList", groupVersion: "v1", resources: []},
	}
	const server = createServer(({url = ""}, response) => {
		const answer = answers[url]
		response.writeHead(answer === undefined ? 404 : 200, {"content-type": "application/json"})
		response.end(JSON.stringify(answer ?? {kind: "Status", apiVersion: "v1", status: "Failure", code: 404}))
	})
	const address = await listening(server)
	onTestFinished(() => void server.close())
	const run = await heddle(["status", "--kubeconfig", kubeconfig(address)])
	expect(run.code).toBe(3)
	expect(run.stderr).toContain("CRDs are not installed")
	expect(run.stderr).toContain("heddle operator --install-crds")
})

test("a cluster that never answers ends with 5 when the time is up (a stand-in that hangs)", async () => {
	const server = createServer(() => {})
	const address = await listening(server)
	onTestFinished(() => {
		server.closeAllConnections()
		server.close()
	})
	const error = await fails(["status", "--timeout", "700ms"], kubeconfig(address))
	expect(error).toMatchObject({exitCode: 5, code: "TimedOut"})
})

function listening(server: Server): Promise<string> {
	return new Promise((done) => {
		server.listen(0, "127.0.0.1", () => done(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
	})
}
