import {describe, test} from "vitest"
import type {FieldManager} from "../../../operator/api/names.ts"
import {openPrometheus} from "../../../operator/prometheus/testing/stand-in.ts"
import {Deployment, MutatingWebhookConfiguration, ResourceQuota} from "../../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import {patience, waitFor} from "../../kit/wait.ts"
import {ambient, deployment, quick, sidecar, slow, statefulSet} from "./manifests.ts"
import {conditionOf, isInjected, isReady, isRedirected, type Place} from "./place.ts"
import {useStage} from "./stage.ts"

/*
 * Each situation ends in a state that serves, with a condition that says what a person should do. A profile and a
 * namespace that are deleted amid a wave are in leaving.test.ts, a LimitRange that stops a Deployment in
 * failures.test.ts.
 */
const stage = useStage()

/** Every pod that is wanted is Ready, and none is captured twice. */
const serves = async (place: Place, count = 2) => {
	const pods = await place.ready("web", count)
	const twice = pods.filter((one) => isInjected(one) && isRedirected(one))
	if (twice.length > 0) throw new Error(`captured twice: ${twice.map(({metadata}) => metadata.name).join()}`)
	return pods
}

async function withWeb(
	options: {replicas?: number; annotations?: object; spec?: object} = {},
): Promise<Place> {
	const place = await stage().place()
	await place.apply(deployment("web", {namespace: place.name, ...options} as never))
	await place.ready("web", options.replicas ?? 2)
	return place
}

const midWave = (place: Place) =>
	waitFor(
		"the roll to be on its way",
		() => place.pods("web"),
		(pods) => pods.some(isInjected),
	)

/** Waits until a condition says this. */
const says = (place: Place, type: string, pattern: RegExp) =>
	waitFor(
		`${type} to say ${pattern}`,
		async () => conditionOf(await place.binding(), type),
		(condition) => pattern.test(condition?.message ?? ""),
		{timeoutMs: 40_000},
	)

const generationOf = async (place: Place) => (await place.get(Deployment, "web"))?.metadata.generation

const authorization = (place: Place, name: string, spec: object): KubeObject => ({
	apiVersion: "security.istio.io/v1",
	kind: "AuthorizationPolicy",
	metadata: {name, namespace: place.name},
	...{spec},
})
const web = {matchLabels: {app: "web"}}
const byDefault = [{source: {principals: ["cluster.local/ns/shop/sa/default"]}}]

describe.concurrent("policies", () => {
	test("what the evaluators cannot read blocks a move that would change who reads it", async ({expect}) => {
		const place = await withWeb()
		await place.profile({dataplane: sidecar, migration: quick})
		await place.on("istio-sidecar")
		await place.apply(
			authorization(place, "template", {
				selector: web,
				action: "DENY",
				rules: [{to: [{operation: {paths: ["/a/{*}/b"]}}]}],
			}),
		)
		await place.profile({dataplane: ambient, migration: quick})
		const {message} = await place.until("Blocked")
		expect(message).toContain(`AuthorizationPolicy/${place.name}/template`)
		expect((await serves(place)).every(isInjected)).toBe(true)
	})

	test.for([
		[
			"one that selects nothing",
			(place: Place) => [authorization(place, "lost", {selector: {matchLabels: {app: "wbe"}}})],
			/PolicySelectsNothing: AuthorizationPolicy\/\S+\/lost: .*app=wbe\. Correct its selector/,
		],
		[
			"two that contradict each other",
			(place: Place) => [
				authorization(place, "admit", {selector: web, rules: [{from: byDefault}]}),
				authorization(place, "refuse", {selector: web, action: "DENY", rules: [{from: byDefault}]}),
			],
			/PoliciesContradict: AuthorizationPolicy\/\S+\/admit: .*\/refuse\. Decide which/,
		],
	] as const)("%s are told, and stand in nobody's way", async ([_, policies, pattern], {expect}) => {
		const place = await withWeb()
		await place.apply(...policies(place))
		await place.profile({dataplane: sidecar, migration: quick})
		await place.on("istio-sidecar")
		const condition = await says(place, "PoliciesTranslated", pattern)
		expect(condition?.status).toBe("True")
		expect((await serves(place)).every(isInjected)).toBe(true)
	})
})

describe.concurrent("people", () => {
	test("a code that Heddle does not give accepts nothing, and is told", async ({expect}) => {
		const place = await stage().place()
		await place.apply(statefulSet("web", {namespace: place.name, replicas: 1}))
		await place.ready("web", 1)
		await place.profile({dataplane: sidecar, migration: {...quick, accept: ["SingelReplica"]}})
		await place.until("NeedsAcceptance")
		await says(place, "Accepted", /UnknownAcceptCode: SingelReplica .*Check its spelling/)
		expect((await serves(place, 1)).some(isInjected)).toBe(false)
	})

	test("a migration that is started twice is one", async ({expect}) => {
		const place = await withWeb({annotations: slow(2)})
		const choice = {dataplane: sidecar, migration: {...quick, approval: "Manual"}} as const
		await Promise.all([place.profile(choice), place.profile(choice)])
		await place.until("AwaitingApproval")
		await Promise.all([place.decide({approved: 1}), place.decide({approved: 1})])
		await midWave(place)
		await place.profile(choice)
		await place.decide({approved: 1})
		const {status} = await place.on("istio-sidecar", {timeoutMs: 40_000})
		expect(status?.history?.map(({id, state}) => `${id} ${state}`)).toEqual(["m1 Succeeded"])
		expect(await generationOf(place)).toBe(2)
		await serves(place)
	})

	test("a profile that is edited amid a wave leads to its new goal, each pod in one dataplane", async ({
		expect,
	}) => {
		const place = await withWeb({annotations: slow(2)})
		await place.profile({dataplane: sidecar, migration: quick})
		await midWave(place)
		await place.profile({dataplane: ambient, migration: quick})
		await place.on("istio-ambient", {timeoutMs: 60_000})
		expect((await serves(place)).every((one) => isRedirected(one) && !isInjected(one))).toBe(true)
	})

	test("a profile that is paused amid a wave lets it finish, and says so", async ({expect}) => {
		const place = await stage().place()
		for (const name of ["web", "zeta"])
			await place.apply(deployment(name, {namespace: place.name, annotations: slow(2)}))
		await Promise.all([place.ready("web", 2), place.ready("zeta", 2)])
		await place.profile({dataplane: sidecar, migration: quick})
		await midWave(place)
		await place.profile({dataplane: sidecar, migration: quick, paused: true})
		const {message} = await place.until("Holding")
		expect(message).toBe("the MeshProfile is paused")
		await waitFor(
			"web to have finished its roll",
			() => place.pods("web"),
			(pods) => pods.length === 2 && pods.every((one) => isInjected(one) && isReady(one)),
		)
		expect((await place.ready("zeta", 2)).some(isInjected)).toBe(false)
		await place.profile({dataplane: sidecar, migration: quick, paused: false})
		await place.on("istio-sidecar", {timeoutMs: 40_000})
	})
})

/** A stand-in for Prometheus: the real one is asked on the node. */
describe.concurrent("a Prometheus, by a stand-in,", () => {
	const old = () => Date.now() / 1_000 - 3_600
	test.for([
		["that nobody serves", undefined, /cannot be reached/],
		["that is something else", () => ({code: 404, body: "<h1>not here</h1>"}), /answers 404: not the answer/],
		["that has nothing", () => undefined, /no recent sample/],
		[
			"whose samples are an hour old",
			(query: string) => (/timestamp/.test(query) ? old() : 500),
			/no recent sample/,
		],
	] as const)("%s holds the migration before anything moves", async ([_, answer, pattern], {expect}) => {
		const {address, close} = await openPrometheus(answer)
		const place = await withWeb()
		await place.profile({
			dataplane: sidecar,
			migration: {...quick, gates: {prometheus: {address}, latencyP99: {maxIncreasePercent: 25}}},
		})
		const {message} = await place.until("Holding")
		await close()
		expect(message).toMatch(pattern)
		expect(await generationOf(place)).toBe(1)
		expect((await serves(place)).some(isInjected)).toBe(false)
	})
})

const quota = (place: Place, pods: string): KubeObject => ({
	apiVersion: "v1",
	kind: "ResourceQuota",
	metadata: {name: "small", namespace: place.name},
	...{spec: {hard: {pods}}},
})

/** The injected proxy may use two CPUs. */
const noRoomForProxies = (place: Place): KubeObject => ({
	apiVersion: "v1",
	kind: "LimitRange",
	metadata: {name: "small", namespace: place.name},
	...{spec: {limits: [{type: "Container", max: {cpu: "1"}}]}},
})

const labelPolicy = (place: Place): readonly KubeObject[] => [
	{
		apiVersion: "admissionregistration.k8s.io/v1",
		kind: "ValidatingAdmissionPolicy",
		metadata: {name: place.name},
		...{
			spec: {
				matchConstraints: {
					namespaceSelector: {matchLabels: {"kubernetes.io/metadata.name": place.name}},
					resourceRules: [
						{apiGroups: ["apps"], apiVersions: ["v1"], operations: ["UPDATE"], resources: ["deployments"]},
					],
				},
				validations: [
					{
						expression: "!('sidecar.istio.io/inject' in object.spec.template.metadata.labels)",
						message: "no labels of meshes here",
					},
				],
			},
		},
	},
	{
		apiVersion: "admissionregistration.k8s.io/v1",
		kind: "ValidatingAdmissionPolicyBinding",
		metadata: {name: place.name},
		...{spec: {policyName: place.name, validationActions: ["Deny"]}},
	},
]
/** The API server takes a while to go by a policy of admission that it has stored. */
async function inForce(place: Place): Promise<void> {
	const labelled = {
		apiVersion: "apps/v1",
		kind: "Deployment",
		metadata: {name: "web", namespace: place.name},
		spec: {template: {metadata: {labels: {"sidecar.istio.io/inject": "true"}}}},
	}
	const options = {manager: "kubectl" as FieldManager, dryRun: true}
	const refusal = () =>
		stage()
			.world.client.mergePatch(labelled, options)
			.then(
				() => "",
				(error: unknown) => String(error),
			)
	await waitFor("the policy of admission to be in force", refusal, (said) =>
		said.includes("no labels of meshes"),
	)
}

const admissionKind = (kind: string, plural: string) => ({
	...MutatingWebhookConfiguration,
	id: `admissionregistration.k8s.io/${kind}`,
	kind,
	plural,
})
const AdmissionPolicy = admissionKind("ValidatingAdmissionPolicy", "validatingadmissionpolicies")
const AdmissionBinding = admissionKind(
	"ValidatingAdmissionPolicyBinding",
	"validatingadmissionpolicybindings",
)
const ValidatingWebhook = admissionKind("ValidatingWebhookConfiguration", "validatingwebhookconfigurations")

const nobodysWebhook = (place: Place): KubeObject => ({
	apiVersion: "admissionregistration.k8s.io/v1",
	kind: "ValidatingWebhookConfiguration",
	metadata: {name: place.name},
	...{
		webhooks: [
			{
				name: "gone.example.com",
				clientConfig: {url: "https://127.0.0.1:1/", caBundle: ""},
				failurePolicy: "Fail",
				sideEffects: "None",
				admissionReviewVersions: ["v1"],
				timeoutSeconds: 1,
				namespaceSelector: {matchLabels: {"kubernetes.io/metadata.name": place.name}},
				rules: [{apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"]}],
			},
		],
	},
})

describe.concurrent("what refuses new pods", () => {
	test("a quota without room for one more: the old pods stay, and all goes on when it is raised", async ({
		expect,
	}) => {
		const place = await withWeb()
		await place.apply(quota(place, "2"))
		await place.profile({
			dataplane: sidecar,
			migration: {...quick, accept: ["QuotaWithoutSurgeRoom"]},
		})
		await says(place, "Ready", /cannot be made: .*exceeded quota.*Raise the ResourceQuota small/)
		expect((await serves(place)).some(isInjected)).toBe(false)
		await place.patch(ResourceQuota, "small", {spec: {hard: {pods: "10"}}})
		await place.on("istio-sidecar", {timeoutMs: 60_000})
		await serves(place)
	})

	test(
		"a LimitRange, where a StatefulSet misses a pod meanwhile: it goes back soon",
		async ({expect}) => {
			const place = await stage().place()
			await place.apply(statefulSet("web", {namespace: place.name, replicas: 3}))
			await place.ready("web", 3)
			await place.apply(noRoomForProxies(place))
			await place.profile({dataplane: sidecar, migration: quick})
			const {message} = await place.until("RolledBack", {timeoutMs: 90_000})
			expect(message).toMatch(/cannot be made: .*maximum cpu usage per Container.*Change the LimitRange/)
			expect((await serves(place, 3)).some(isInjected)).toBe(false)
		},
		120_000 * patience,
	)

	test(
		"a webhook that nobody serves any more: the old pods stay, and all goes on without it",
		async ({expect}) => {
			const place = await withWeb()
			await place.apply(nobodysWebhook(place))
			await place.profile({dataplane: sidecar, migration: quick})
			await says(place, "Ready", /cannot be made: .*Bring what serves the webhook gone\.example\.com back/)
			expect((await serves(place)).some(isInjected)).toBe(false)
			await place.delete(ValidatingWebhook, place.name)
			await place.on("istio-sidecar", {timeoutMs: 90_000})
			await serves(place)
		},
		120_000 * patience,
	)

	test("a policy of admission that rejects Heddle's own change: nothing moves, and the condition names it", async ({
		expect,
	}) => {
		const place = await withWeb()
		await place.apply(...labelPolicy(place))
		await inForce(place)
		await place.profile({dataplane: sidecar, migration: quick})
		const {message} = await place.until("Refused", {timeoutMs: 40_000})
		expect(message).toMatch(/no labels of meshes here.*ValidatingAdmissionPolicy \S+ objects to/)
		expect(await generationOf(place)).toBe(1)
		expect((await serves(place)).some(isInjected)).toBe(false)
		await place.delete(AdmissionBinding, place.name)
		await place.delete(AdmissionPolicy, place.name)
		await place.on("istio-sidecar", {timeoutMs: 60_000})
		await serves(place)
	})
})

describe("the control plane", () => {
	test(
		"that is scaled away amid a wave: what rolls finishes, nothing else begins, and it goes on when it is back",
		async ({expect}) => {
			const {client} = stage().world
			const place = await stage().place()
			for (const name of ["web", "zeta"])
				await place.apply(deployment(name, {namespace: place.name, annotations: slow(3)}))
			await Promise.all([place.ready("web", 2), place.ready("zeta", 2)])
			await place.profile({dataplane: sidecar, migration: quick})
			await midWave(place)
			const scale = (replicas: number) =>
				client.mergePatch(
					{
						apiVersion: "apps/v1",
						kind: "Deployment",
						metadata: {name: "istiod", namespace: "istio-system"},
						...{spec: {replicas}},
					},
					{manager: "kubectl" as FieldManager},
				)
			// Its process goes on beside the sandbox and still injects: what is rolling has what it needs.
			await scale(0)
			try {
				const {message} = await place.until("Holding", {timeoutMs: 40_000})
				expect(message).toMatch(/^ControlPlaneUnhealthy: .*istiod/)
				expect((await place.ready("zeta", 2)).some(isInjected)).toBe(false)
				await serves(place)
			} finally {
				await scale(1)
			}
			await place.on("istio-sidecar", {timeoutMs: 60_000})
			await serves(place)
		},
		120_000 * patience,
	)
})
