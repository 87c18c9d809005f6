import {expect, test} from "vitest"
import {identityOf} from "../manifest.ts"
import {tidy} from "./tidy.ts"

const configMap = (name: string, rest = "") =>
	`apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${rest}`
const hook = (phases: string) =>
	`  annotations:\n    helm.sh/hook: ${phases}\n    helm.sh/hook-weight: "1"\n    keep: me\n`

test("objects get the release's namespace unless they state one or are of the whole cluster", () => {
	const text = [
		configMap("a"),
		configMap("b", "  namespace: other\n"),
		"apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: c\n",
		"apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: ds.x.io\nspec:\n  group: x.io\n  scope: Cluster\n  names: {kind: D}\n",
		"apiVersion: x.io/v1\nkind: D\nmetadata:\n  name: d\n",
	].join("---\n")
	expect(tidy(text, "mine", "test").map(identityOf)).toEqual([
		"ConfigMap/mine/a",
		"ConfigMap/other/b",
		"ClusterRole.rbac.authorization.k8s.io/c",
		"CustomResourceDefinition.apiextensions.k8s.io/ds.x.io",
		"D.x.io/d",
	])
})

test.each([
	["pre-install,pre-upgrade", 1],
	["post-install", 1],
	["test", 0],
	["pre-delete", 0],
	["post-rollback", 0],
])("a hook for %s becomes %i plain objects", (phases, count) => {
	const found = tidy(configMap("a", hook(phases)), "mine", "test")
	expect(found.map(({metadata}) => metadata.annotations)).toEqual(
		Array.from({length: count}, () => ({keep: "me"})),
	)
})

test("lists are taken apart; status, empty documents and the Gateway API's CRDs are left out", () => {
	const text = [
		"apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a, creationTimestamp: null}, status: {}}\n",
		"# nothing\n",
		"apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: gateways.gateway.networking.k8s.io\nspec:\n  group: gateway.networking.k8s.io\n",
	].join("---\n")
	expect(tidy(text, "mine", "test")).toEqual([
		{apiVersion: "v1", kind: "ConfigMap", metadata: {name: "a", namespace: "mine"}},
	])
})

test("fields that a controller writes by itself are not stated", () => {
	const text =
		"apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata:\n  name: istio-validator-istio-system\nwebhooks:\n- name: w\n  failurePolicy: Ignore\n  clientConfig: {service: {name: istiod, namespace: s}, caBundle: abc}\n"
	expect(tidy(text, "mine", "test")).toMatchObject([
		{webhooks: [{name: "w", clientConfig: {service: {name: "istiod", namespace: "s"}}}]},
	])
	expect(JSON.stringify(tidy(text, "mine", "test"))).not.toMatch(/caBundle|failurePolicy/)
})
