import {expect, onTestFinished, test} from "vitest"
import {Deployment} from "../../profiles/snapshot/kinds.ts"
import {Discovery} from "./discovery.ts"
import {openHttp} from "./http.ts"
import {faultServer, type Handler, sendJson, sendStatus} from "./testing/fault-server.ts"

async function discover(handler: Handler) {
	const server = await faultServer(handler)
	const http = openHttp({config: server.config, attempts: 1})
	onTestFinished(async () => {
		await http.close()
		await server[Symbol.asyncDispose]()
	})
	return {server, discovery: new Discovery(http)}
}

const answers: Readonly<Record<string, object>> = {
	"/api": {kind: "APIVersions", versions: ["v1"]},
	"/api/v1": {
		groupVersion: "v1",
		resources: [
			{name: "pods", kind: "Pod", namespaced: true},
			{name: "pods/status", kind: "Pod", namespaced: true},
		],
	},
	"/apis": {
		kind: "APIGroupList",
		groups: [{versions: [{groupVersion: "apps/v1"}]}, {versions: [{groupVersion: "metrics.k8s.io/v1beta1"}]}],
	},
	"/apis/apps/v1": {
		groupVersion: "apps/v1",
		resources: [{name: "deployments", kind: "Deployment", namespaced: true}],
	},
}
/** An API server before aggregated discovery, with an aggregated API whose own server is down. */
const old: Handler = ({path}, response) => {
	const body = answers[path.pathname]
	if (body === undefined) sendStatus(response, 503, "ServiceUnavailable")
	else sendJson(response, body)
}

test("reads an older server group by group, and one that is down hides no other", async () => {
	const {discovery} = await discover(old)
	const served = await discovery.served()
	expect(served.versionOf(Deployment)).toBe("v1")
	expect(served.resource("", "v1", "Pod")).toEqual({
		group: "",
		version: "v1",
		kind: "Pod",
		plural: "pods",
		namespaced: true,
	})
})

test("many who ask at the same time ask the server once", async () => {
	const {server, discovery} = await discover(old)
	await Promise.all(Array.from({length: 10}, () => discovery.served({fresh: true})))
	expect(server.requests).toHaveLength(5)
})

test("a failure is not remembered", async () => {
	let down = true
	const {discovery} = await discover((request, response) =>
		down ? sendStatus(response, 500, "InternalError") : old(request, response),
	)
	await expect(discovery.served()).rejects.toMatchObject({code: 500})
	down = false
	expect((await discovery.served()).versionOf(Deployment)).toBe("v1")
})
