import {mkdtempSync, rmSync, writeFileSync} from "node:fs"
import {tmpdir} from "node:os"
import {join} from "node:path"
import {beforeEach, expect, onTestFinished, test} from "vitest"
import {loadConfig} from "./config.ts"

let folder: string

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "heddle-config-"))
	const made = folder
	onTestFinished(() => rmSync(made, {recursive: true}))
})

const kubeconfig = ({context = "one", user = {} as object, current = "one"} = {}) =>
	JSON.stringify({
		apiVersion: "v1",
		kind: "Config",
		"current-context": current,
		clusters: [
			{
				name: "c",
				cluster: {
					server: "https://127.0.0.1:6443/",
					"certificate-authority-data": Buffer.from("the ca").toString("base64"),
				},
			},
		],
		users: [{name: "u", user}],
		contexts: [{name: context, context: {cluster: "c", user: "u", namespace: "shop"}}],
	})

function file(name: string, text: string): string {
	const path = join(folder, name)
	writeFileSync(path, text)
	return path
}

/** Nothing of the machine's own configuration. */
const env = () => ({HOME: folder})

test("reads server, namespace, certificate authority and token", async () => {
	const config = await loadConfig({
		kubeconfig: file("config", kubeconfig({user: {token: "t0ken"}})),
		env: env(),
	})
	expect(config).toMatchObject({context: "one", server: "https://127.0.0.1:6443", namespace: "shop"})
	const {headers, tls} = await config.credentials()
	expect(headers).toEqual({authorization: "Bearer t0ken"})
	expect(String(tls.ca)).toBe("the ca")
})

test("finds the first of KUBECONFIG's files that exists", async () => {
	const path = file("there", kubeconfig())
	expect((await loadConfig({env: {...env(), KUBECONFIG: `${join(folder, "absent")}:${path}`}})).context).toBe(
		"one",
	)
})

test("joins the files of KUBECONFIG; the current context of the first counts", async () => {
	const files = [
		file("a", kubeconfig()),
		file(
			"b",
			JSON.stringify({
				"current-context": "two",
				contexts: [{name: "two", context: {cluster: "c", user: "u"}}],
			}),
		),
	]
	const options = {env: {...env(), KUBECONFIG: files.join(":")}}
	expect((await loadConfig(options)).context).toBe("one")
	expect(await loadConfig({...options, context: "two"})).toMatchObject({context: "two", namespace: "default"})
})

test("asks a credential plugin, and asks it again for fresh credentials", async () => {
	const counter = file("counter", "0")
	const script = `n=$(($(cat ${counter})+1)); echo $n > ${counter}; echo "{\\"apiVersion\\":\\"client.authentication.k8s.io/v1\\",\\"kind\\":\\"ExecCredential\\",\\"status\\":{\\"token\\":\\"t$n\\"}}"`
	const exec = {
		apiVersion: "client.authentication.k8s.io/v1",
		command: "sh",
		args: ["-c", script],
		interactiveMode: "Never",
	}
	const config = await loadConfig({kubeconfig: file("config", kubeconfig({user: {exec}})), env: env()})
	expect((await config.credentials()).headers).toEqual({authorization: "Bearer t1"})
	expect((await config.credentials()).headers).toEqual({authorization: "Bearer t1"})
	expect((await config.credentials({fresh: true})).headers).toEqual({authorization: "Bearer t2"})
})

test("a token file loses the newline at its end", async () => {
	const user = {"auth-provider": {name: "tokenFile", config: {tokenFile: file("token", "t0ken\n")}}}
	const config = await loadConfig({kubeconfig: file("config", kubeconfig({user})), env: env()})
	expect((await config.credentials()).headers).toEqual({authorization: "Bearer t0ken"})
})

const refusals: readonly {
	readonly name: string
	readonly options: () => object
	readonly message: RegExp
	readonly fix: RegExp
}[] = [
	{
		name: "a file that does not exist",
		options: () => ({kubeconfig: join(folder, "absent")}),
		message: /the kubeconfig .*absent does not exist/,
		fix: /--kubeconfig/,
	},
	{
		name: "a KUBECONFIG that names nothing",
		options: () => ({env: {...env(), KUBECONFIG: "/absent"}}),
		message: /KUBECONFIG names \/absent/,
		fix: /variable/,
	},
	{
		name: "no configuration at all",
		options: () => ({}),
		message: /there is no kubeconfig/,
		fix: /sandbox up/,
	},
	{
		name: "a file that is no kubeconfig",
		options: () => ({kubeconfig: file("config", "{")}),
		message: /cannot be read/,
		fix: /Correct the file/,
	},
	{
		name: "an unknown context",
		options: () => ({kubeconfig: file("config", kubeconfig()), context: "prod"}),
		message: /no context prod; it defines one/,
		fix: /--context/,
	},
	{
		name: "no current context",
		options: () => ({kubeconfig: file("config", kubeconfig({current: ""}))}),
		message: /no current-context; it defines one/,
		fix: /--context/,
	},
]
for (const {name, options, message, fix} of refusals) {
	test(`refuses ${name}, and says what to do`, async () => {
		const error = await loadConfig({env: env(), ...options()}).catch((caught) => caught)
		expect(error).toMatchObject({
			name: "ConfigError",
			message: expect.stringMatching(message),
			fix: expect.stringMatching(fix),
		})
	})
}

const plugins: readonly {readonly name: string; readonly exec: object; readonly message: RegExp}[] = [
	{
		name: "fails",
		exec: {command: "sh", args: ["-c", "echo please log in >&2; exit 1"]},
		message: /plugin sh of the user u failed: please log in/,
	},
	{
		name: "is not installed",
		exec: {command: "heddle-no-such-plugin"},
		message: /plugin heddle-no-such-plugin of the user u failed: .*ENOENT/,
	},
]
for (const {name, exec, message} of plugins) {
	test(`a credential plugin that ${name} is named`, async () => {
		const user = {exec: {apiVersion: "client.authentication.k8s.io/v1", ...exec}}
		const config = await loadConfig({kubeconfig: file("config", kubeconfig({user})), env: env()})
		await expect(config.credentials()).rejects.toMatchObject({
			name: "ConfigError",
			message: expect.stringMatching(message),
		})
	})
}
