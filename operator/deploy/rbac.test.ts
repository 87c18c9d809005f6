import {readFileSync} from "node:fs"
import {describe, expect, test} from "vitest"
import {parseAllDocuments} from "yaml"
import {dataplanes} from "../../profiles/registry.ts"
import {bindingController} from "../controllers/binding/controller.ts"
import {profileController} from "../controllers/profile/controller.ts"

type Rule = {
	readonly apiGroups: readonly string[]
	readonly resources: readonly string[]
	readonly verbs: readonly string[]
	readonly resourceNames?: readonly string[]
	readonly nonResourceURLs?: readonly string[]
}
type Role = {
	readonly kind: string
	readonly metadata: {readonly namespace?: string}
	readonly rules?: readonly Rule[]
}

const roles = parseAllDocuments(readFileSync(new URL("2-rbac.yaml", import.meta.url), "utf8")).map(
	(document) => document.toJS() as Role,
)
const rulesOf = (kind: string, namespace?: string): readonly Rule[] =>
	roles.find((role) => role.kind === kind && role.metadata.namespace === namespace)?.rules ?? []

/** `group/resource: verbs`, so that a rule that grows shows as one line of a diff. */
function granted(kind: string, namespace?: string): Record<string, string> {
	const verbs = new Map<string, Set<string>>()
	for (const rule of rulesOf(kind, namespace))
		for (const group of rule.apiGroups)
			for (const resource of rule.resources) {
				const name = `${resource}${group === "" ? "" : `.${group}`}${rule.resourceNames ? ` ${rule.resourceNames}` : ""}`
				verbs.set(name, new Set([...(verbs.get(name) ?? []), ...rule.verbs]))
			}
	return Object.fromEntries([...verbs].map(([name, of]) => [name, [...of].sort().join(" ")]))
}

const watchOnly = "list watch"
const template = "get list patch watch"
const brought = "create delete get list patch watch"

test("the cluster role is this and nothing more", () => {
	expect(granted("ClusterRole")).toEqual({
		...Object.fromEntries(
			[
				"nodes pods resourcequotas",
				"poddisruptionbudgets.policy horizontalpodautoscalers.autoscaling",
				"mutatingwebhookconfigurations.admissionregistration.k8s.io",
				"envoyfilters.networking.istio.io gateways.networking.istio.io",
				"proxyconfigs.networking.istio.io serviceentries.networking.istio.io sidecars.networking.istio.io",
				"telemetries.telemetry.istio.io runtimeclasses.node.k8s.io",
				"configurations.dapr.io resiliencies.dapr.io",
				"backendtlspolicies.gateway.networking.k8s.io gatewayclasses.gateway.networking.k8s.io",
				"grpcroutes.gateway.networking.k8s.io",
				"tcproutes.gateway.networking.k8s.io tlsroutes.gateway.networking.k8s.io",
				"egressnetworks.policy.linkerd.io httplocalratelimitpolicies.policy.linkerd.io",
				"serverauthorizations.policy.linkerd.io",
				"serviceprofiles.linkerd.io",
				"ciliumclusterwideenvoyconfigs.cilium.io ciliumclusterwidenetworkpolicies.cilium.io",
				"ciliumendpoints.cilium.io ciliumenvoyconfigs.cilium.io ciliumlocalredirectpolicies.cilium.io",
				"fqdnnetworkpolicies.networking.gke.io",
			]
				.flatMap((line) => line.split(" "))
				.map((name) => [name, watchOnly]),
		),
		namespaces: "list patch watch",
		"deployments.apps": template,
		"statefulsets.apps": template,
		"daemonsets.apps": template,
		"replicasets.apps": template,
		"cronjobs.batch": template,
		"jobs.batch": template,
		"gateways.gateway.networking.k8s.io": brought,
		"httproutes.gateway.networking.k8s.io": brought,
		services: brought,
		"destinationrules.networking.istio.io": brought,
		"virtualservices.networking.istio.io": brought,
		"authorizationpolicies.security.istio.io": brought,
		"peerauthentications.security.istio.io": brought,
		"requestauthentications.security.istio.io": brought,
		"ciliumnetworkpolicies.cilium.io": brought,
		"networkpolicies.networking.k8s.io": brought,
		"authorizationpolicies.policy.linkerd.io": brought,
		"httproutes.policy.linkerd.io": brought,
		"meshtlsauthentications.policy.linkerd.io": brought,
		"networkauthentications.policy.linkerd.io": brought,
		"servers.policy.linkerd.io": brought,
		"trafficextensions.extensions.istio.io": brought,
		"wasmplugins.extensions.istio.io": brought,
		"envoyextensionpolicies.gateway.envoyproxy.io": brought,
		"controllerrevisions.apps": "create delete list",
		"meshprofiles.heddle.dev": "list patch watch",
		"meshbindings.heddle.dev": "create delete list patch watch",
		"meshprofiles/status.heddle.dev": "patch",
		"meshbindings/status.heddle.dev": "patch",
		"events.events.k8s.io": "create list",
	})
})

test("in its own namespace it may keep its Lease and nothing more", () => {
	expect(granted("Role", "heddle-system")).toEqual({
		"leases.coordination.k8s.io": "create",
		"leases.coordination.k8s.io heddle-operator": "get patch",
	})
})

test("elsewhere it may read one ConfigMap by its name and nothing more", () => {
	expect(granted("Role", "kube-system")).toEqual({"configmaps cilium-config": watchOnly})
	expect(roles.filter(({kind}) => kind === "Role").map(({metadata}) => metadata.namespace)).toEqual([
		"heddle-system",
		"kube-system",
	])
})

test("every kind that the code watches is readable", () => {
	const controllers = [
		bindingController({dataplanes, workers: 1, podChangesPerSecond: 20, ended: () => {}, watched: () => {}}),
		profileController(),
	]
	const kinds = controllers.flatMap(({watches}) => watches.map(({kind}) => kind))
	const unreadable = kinds
		.map(({plural, group, only}) => {
			const name = `${plural}${group === "" ? "" : `.${group}`}`
			const rights = only ? granted("Role", only.namespace) : granted("ClusterRole")
			return {name, verbs: rights[only ? `${name} ${only.name}` : name] ?? ""}
		})
		.filter(({verbs}) => !/\blist\b.*\bwatch\b/.test(verbs))
	expect(unreadable).toEqual([])
})

describe("what must never stand there", () => {
	const rules = roles.flatMap((role) => role.rules ?? [])
	const isTheOneConfigMap = ({resources, resourceNames, verbs}: Rule) =>
		String(resources) === "configmaps" &&
		String(resourceNames) === "cilium-config" &&
		String(verbs) === "list,watch"
	const allows = (verbs: RegExp, resources: RegExp) =>
		rules.filter(
			(rule) =>
				rule.verbs.some((verb) => verbs.test(verb)) && rule.resources.some((one) => resources.test(one)),
		)
	const writes = /^(create|update|patch|delete|deletecollection)$/
	const cases: readonly (readonly [
		what: string,
		verbs: RegExp,
		resources: RegExp,
		except?: (rule: Rule) => boolean,
	])[] = [
		["a wildcard verb", /\*/, /.*/],
		["a wildcard resource", /.*/, /\*/],
		[
			"Secrets, ServiceAccounts or their tokens, and ConfigMaps but one",
			/.*/,
			/^(secrets|configmaps|serviceaccounts.*)$/,
			isTheOneConfigMap,
		],
		["rights over rights", /^(bind|escalate|impersonate|approve|sign)$/, /.*/],
		["RBAC", /.*/, /^(cluster)?role(binding)?s$/],
		["a write to pods, or a way into them", writes, /^pods(\/.*)?$/],
		["a subresource of pods", /.*/, /^pods\//],
		["evictions and proxies", /.*/, /\/(eviction|exec|attach|portforward|proxy|ephemeralcontainers|scale)$/],
		["a write to nodes", writes, /^nodes/],
		[
			"a write to webhooks, CRDs or API services",
			writes,
			/^(.*webhookconfigurations|customresourcedefinitions|apiservices)$/,
		],
		["a whole-object update or a mass deletion", /^(update|deletecollection)$/, /.*/],
		[
			"a deletion of workloads or namespaces",
			/^delete/,
			/^(namespaces|deployments|statefulsets|daemonsets|replicasets|jobs|cronjobs)$/,
		],
		[
			"a creation of workloads",
			/^create$/,
			/^(deployments|statefulsets|daemonsets|replicasets|jobs|cronjobs)$/,
		],
	]
	const named = cases.map(([what, verbs, resources, except = () => false]) => ({
		what,
		verbs,
		resources,
		except,
	}))
	test.each(named)("$what", ({verbs, resources, except}) => {
		expect(allows(verbs, resources).filter((rule) => !except(rule))).toEqual([])
	})

	test("a wildcard group or a URL that is no resource", () => {
		expect(
			rules.filter(({apiGroups, nonResourceURLs}) => apiGroups.includes("*") || nonResourceURLs),
		).toEqual([])
	})
})

test("what canaries of modules need beyond it is a file of its own, and no more than this", () => {
	const text = readFileSync(new URL("optional/canaries.yaml", import.meta.url), "utf8")
	const [role] = parseAllDocuments(text).map((document) => document.toJS() as Role)
	expect(role?.rules).toEqual([
		{apiGroups: ["apps"], resources: ["deployments"], verbs: ["create", "delete"]},
	])
})
