import {afterAll, beforeAll, expect, test} from "vitest"
import {features} from "../../../profiles/apis/linkerd/features.ts"
import * as linkerdKinds from "../../../profiles/apis/linkerd/kinds.ts"
import {linkerd} from "../../../profiles/linkerd/index.ts"
import {clusterScoped, Deployment, type Kind, Namespace} from "../../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import {snapshotOf} from "../../../profiles/snapshot/snapshot.ts"
import {moveTo} from "../../../profiles/testing/cases.ts"
import {apply} from "../../kit/apply.ts"
import {freshNamespace, useWorld} from "../../kit/sandbox.ts"
import {waitFor} from "../../kit/wait.ts"

const world = useWorld()

/*
 * Stand-ins for Linkerd's CRDs, in our own words: group, versions, the stored one, scope and names as in
 * linkerd2:charts/linkerd-crds/templates at edge-26.8.3, with a schema that takes any spec. Of the schemas one thing
 * is kept, since a plan hinges on it: a Server's accessPolicy is deny unless it says otherwise.
 */
const charts: readonly (readonly [kind: Kind, group: string, plural: string, versions: readonly string[]])[] =
	[
		[linkerdKinds.Server, "policy.linkerd.io", "servers", ["v1beta3", "v1beta2", "v1beta1", "v1alpha1"]],
		[linkerdKinds.ServerAuthorization, "policy.linkerd.io", "serverauthorizations", ["v1beta1", "v1alpha1"]],
		[linkerdKinds.AuthorizationPolicy, "policy.linkerd.io", "authorizationpolicies", ["v1alpha1"]],
		[linkerdKinds.MeshTLSAuthentication, "policy.linkerd.io", "meshtlsauthentications", ["v1alpha1"]],
		[linkerdKinds.NetworkAuthentication, "policy.linkerd.io", "networkauthentications", ["v1alpha1"]],
		[
			linkerdKinds.HTTPRoute,
			"policy.linkerd.io",
			"httproutes",
			["v1beta3", "v1beta2", "v1beta1", "v1alpha1"],
		],
		[linkerdKinds.HTTPLocalRateLimitPolicy, "policy.linkerd.io", "httplocalratelimitpolicies", ["v1alpha1"]],
		[linkerdKinds.EgressNetwork, "policy.linkerd.io", "egressnetworks", ["v1alpha1"]],
		[linkerdKinds.ServiceProfile, "linkerd.io", "serviceprofiles", ["v1alpha2", "v1alpha1"]],
	]

const anything = {type: "object", "x-kubernetes-preserve-unknown-fields": true}
const serverSpec = {...anything, properties: {accessPolicy: {type: "string", default: "deny"}}}

function standIn(kind: string, group: string, plural: string, versions: readonly string[]): KubeObject {
	const spec = kind === "Server" ? serverSpec : anything
	return {
		apiVersion: "apiextensions.k8s.io/v1",
		kind: "CustomResourceDefinition",
		metadata: {name: `${plural}.${group}`},
		...{
			spec: {
				group,
				scope: "Namespaced",
				names: {kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List`},
				versions: versions.map((name, index) => ({
					name,
					served: true,
					storage: index === 0,
					schema: {openAPIV3Schema: {type: "object", properties: {spec}}},
				})),
			},
		},
	}
}

const CustomResourceDefinition = clusterScoped(
	"apiextensions.k8s.io",
	"v1",
	"CustomResourceDefinition",
	"customresourcedefinitions",
)

beforeAll(async () => {
	for (const [{kind}, group, plural, versions] of charts)
		await apply(world(), standIn(kind, group, plural, versions))
	for (const [kind, , plural] of charts)
		await waitFor(
			`the API server to serve ${plural}`,
			() => world().client.versionOf(kind, {fresh: true}),
			(version) => version !== undefined,
		)
})
// Other files of the run expect a cluster without Linkerd.
afterAll(async () => {
	for (const [, group, plural] of charts)
		await world().client.delete(CustomResourceDefinition, `${plural}.${group}`)
})

test.for(charts)(
	"$0.kind of stand-in CRDs is read in the version that the chart stores",
	async ([kind, , , versions]) => {
		expect(await world().client.versionOf(kind)).toBe(versions[0])
		const {items} = await world().client.list(kind)
		expect(items).toEqual([])
	},
)

test("a Server as a stand-in CRD stores it refuses everyone, and counts as a rule in use", async () => {
	const shop = await freshNamespace(world())
	const stored = await apply(world(), {
		apiVersion: "policy.linkerd.io/v1beta3",
		kind: "Server",
		metadata: {name: "http", namespace: shop},
		...{spec: {podSelector: {matchLabels: {app: "cart"}}, port: 8080}},
	})
	expect(stored).toMatchObject({spec: {accessPolicy: "deny"}})
	const {items} = await world().client.list(linkerdKinds.Server, {namespace: shop})
	expect(features(snapshotOf(items), shop).uses.map(({name}) => name)).toEqual(["L4Authorization"])
})

test("the keys that enrol and leave are ones that the API server takes", async () => {
	const shop = await freshNamespace(world())
	const {client} = world()
	const labels = {app: "cart"}
	for (const {namespace, template} of [linkerd.enrol(moveTo("linkerd").to), linkerd.leave()]) {
		const given = (annotations: Readonly<Record<string, string | null>>) =>
			Object.fromEntries(Object.entries(annotations).filter(([, value]) => value !== null))
		await apply(world(), {
			apiVersion: "v1",
			kind: "Namespace",
			metadata: {name: shop, annotations: given(namespace.annotations) as Record<string, string>},
		})
		await apply(world(), {
			apiVersion: "apps/v1",
			kind: "Deployment",
			metadata: {name: "cart", namespace: shop},
			...{
				spec: {
					replicas: 0,
					selector: {matchLabels: labels},
					template: {
						metadata: {labels, annotations: given(template.annotations)},
						spec: {containers: [{name: "app", image: "registry.example/app:1"}]},
					},
				},
			},
		})
		const cart = await client.get(Deployment, "cart", shop)
		expect(cart?.spec?.template?.metadata?.annotations).toEqual(template.annotations)
		const {annotations = {}} = (await client.get(Namespace, shop))?.metadata ?? {}
		expect(annotations["linkerd.io/inject"] ?? null).toBe(namespace.annotations["linkerd.io/inject"])
	}
})
