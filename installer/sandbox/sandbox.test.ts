import {mkdirSync, statSync, writeFileSync} from "node:fs"
import {join} from "node:path"
import {expect, onTestFinished, test} from "vitest"
import {parse} from "yaml"
import {decide, type PodFacts} from "./cni/decide.ts"
import {adminToken, ensureCredentials, kubeconfigText, writeKubeconfig} from "./credentials.ts"
import {type StepEvent, step} from "./events.ts"
import {pathOf, pluralOf} from "./kube/client.ts"
import {layout} from "./layout.ts"
import {adapt, istiodEnv} from "./mesh/istiod.ts"
import {simulatedNode} from "./nodes.ts"
import {cacheRoot, sandboxFolder, sandboxRoot} from "./paths.ts"
import {newState} from "./session.ts"
import {readState, recordedNames, writeState} from "./state.ts"
import {temporaryFolder} from "./temporary-folder.ts"

const folder = () => temporaryFolder(onTestFinished)

test("state survives a round trip, private to its owner", () => {
	const at = join(folder(), "one")
	const state = newState({name: "one", mesh: "istio", nodes: 3})
	writeState(at, state)
	expect(readState(at)).toEqual(state)
	expect(statSync(join(at, "state.json")).mode & 0o777).toBe(0o600)
})

test("no state is not an error; foreign state is, and says what to do", () => {
	expect(readState(join(folder(), "none"))).toBeUndefined()
	const at = folder()
	writeFileSync(join(at, "state.json"), "{")
	expect(() => readState(at)).toThrow(/no state file of this version[\s\S]*delete the folder/)
})

test("locks are not taken for sandboxes", () => {
	const root = folder()
	for (const name of [".locks", "b", "a"]) mkdirSync(join(root, name))
	expect(recordedNames(root)).toEqual(["a", "b"])
})

test("folders follow the environment, and names cannot leave them", () => {
	expect(sandboxRoot({HEDDLE_STATE_DIR: "/x"})).toBe("/x/sandbox")
	expect(sandboxRoot({XDG_STATE_HOME: "/s"})).toBe("/s/heddle/sandbox")
	expect(cacheRoot({XDG_CACHE_HOME: "relative"})).not.toContain("relative")
	for (const name of ["..", "a/b", "", "A", "-a", "x".repeat(41)])
		expect(() => sandboxFolder(name)).toThrow(/not a sandbox name/)
})

test("credentials are made once, and a kubeconfig is private and parses", () => {
	const at = layout(folder(), "mark")
	ensureCredentials(at)
	const token = adminToken(at)
	ensureCredentials(at)
	expect(adminToken(at)).toBe(token)
	expect(token).toMatch(/^[0-9a-f]{48}$/)
	const access = {server: "https://127.0.0.1:1", ca: "CA", token, name: "heddle-x", namespace: "shop"}
	writeKubeconfig(at.kubeconfig, access)
	expect(statSync(at.kubeconfig).mode & 0o777).toBe(0o600)
	expect(parse(kubeconfigText(access))).toMatchObject({
		"current-context": "heddle-x",
		users: [{user: {token}}],
		contexts: [{context: {namespace: "shop"}}],
	})
})

test("a step starts once and ends once", async () => {
	const events: StepEvent[] = []
	await step(
		(event) => events.push(event),
		"a",
		"A",
		async (progress) => progress({note: "half", fraction: 0.5}),
	)
	await expect(
		step(
			(event) => events.push(event),
			"b",
			"B",
			() => Promise.reject(new Error("no")),
		),
	).rejects.toThrow("no")
	expect(events.map(({id, state}) => `${id} ${state}`)).toEqual([
		"a started",
		"a progress",
		"a done",
		"b started",
		"b failed",
	])
})

test.each([
	["Gateway", "gateways"],
	["NetworkPolicy", "networkpolicies"],
	["GatewayClass", "gatewayclasses"],
	["DaemonSet", "daemonsets"],
])("%s is served as %s", (kind, plural) => expect(pluralOf(kind)).toBe(plural))

test("paths of namespaced, cluster-scoped and core objects", () => {
	expect(pathOf({apiVersion: "v1", kind: "Pod", metadata: {name: "p", namespace: "n"}})).toBe(
		"/api/v1/namespaces/n/pods/p",
	)
	expect(
		pathOf({apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: {name: "r"}}),
	).toBe("/apis/rbac.authorization.k8s.io/v1/clusterroles/r")
})

const pod = (facts: Partial<PodFacts>): PodFacts => ({
	namespace: "shop",
	labels: {},
	annotations: {},
	hostNetwork: false,
	running: true,
	...facts,
})
const ambient = {"istio.io/dataplane-mode": "ambient"}
const none = {"istio.io/dataplane-mode": "none"}
const marked = {"ambient.istio.io/redirection": "enabled"}

test.each([
	["the namespace's label enrols", pod({}), ambient, "enrol"],
	["the pod's own label enrols", pod({labels: ambient}), {}, "enrol"],
	["the pod's opt-out wins", pod({labels: none}), ambient, "nothing"],
	["an enrolled pod stays as it is", pod({annotations: marked}), ambient, "nothing"],
	["an opt-out under way leaves", pod({annotations: marked, labels: none}), ambient, "leave"],
	["a namespace that lost its label leaves", pod({annotations: marked}), {}, "leave"],
	[
		"a sidecar is never redirected too",
		pod({annotations: {"sidecar.istio.io/status": "{}"}}),
		ambient,
		"nothing",
	],
	["host network is never redirected", pod({hostNetwork: true}), ambient, "nothing"],
	["a pod without a network waits", pod({running: false}), ambient, "nothing"],
	["the mesh's own namespace is left out", pod({namespace: "istio-system"}), ambient, "nothing"],
])("ambient stand-in: %s", (_title, facts, labels, decision) => expect(decide(facts, labels)).toBe(decision))

test("Istio's webhooks keep name, labels and path, and go to the process", () => {
	const webhooks = [
		{name: "w", clientConfig: {service: {name: "istiod", path: "/inject"}}, failurePolicy: "Fail"},
	]
	const metadata = {name: "istio-sidecar-injector", labels: {"istio.io/rev": "default"}}
	const object = {
		apiVersion: "admissionregistration.k8s.io/v1",
		kind: "MutatingWebhookConfiguration",
		metadata,
		webhooks,
	}
	expect(adapt(object, 1234)).toEqual({
		...object,
		webhooks: [{...webhooks[0], clientConfig: {url: "https://localhost:1234/inject"}}],
	})
})

test("istiod runs with the settings of its Deployment", () => {
	const containers = [{name: "discovery", env: [{name: "A", value: "1"}, {name: "B"}]}]
	const deployment = {
		apiVersion: "apps/v1",
		kind: "Deployment",
		metadata: {name: "istiod"},
		spec: {template: {spec: {containers}}},
	}
	expect(istiodEnv([deployment])).toMatchObject({A: "1", PILOT_ENABLE_AMBIENT: "true"})
	expect(istiodEnv([deployment])).not.toHaveProperty("B")
	expect(adapt(deployment, 1).metadata.annotations?.["heddle.dev/stand-in"]).toMatch(/simulated/)
})

test("nodes have zones, addresses and pod ranges of their own", () => {
	const many = Array.from({length: 600}, (_, index) => simulatedNode(index))
	expect(new Set(many.map(({spec}) => (spec as {podCIDR: string}).podCIDR)).size).toBe(600)
	expect(new Set(many.map(({metadata}) => metadata.annotations?.["heddle.dev/sim-address"])).size).toBe(600)
	expect(many[4]?.metadata.labels?.["topology.kubernetes.io/zone"]).toBe("sim-b")
})
