import {describe, test} from "vitest"
import {serviceAccountKubeconfig} from "../../../installer/sandbox/index.ts"
import {Cache} from "../../../operator/kube/cache.ts"
import {clientOf} from "../../../operator/kube/client.ts"
import {loadConfig} from "../../../operator/kube/config.ts"
import {isForbidden} from "../../../operator/kube/errors.ts"
import {openHttp} from "../../../operator/kube/http.ts"
import {CiliumConfig} from "../../../profiles/apis/cilium/kinds.ts"
import {ConfigMap, clusterScoped, Deployment, namespaced, Pod} from "../../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import {apply} from "../../kit/apply.ts"
import {waitFor} from "../../kit/wait.ts"
import {deployment, quick, sidecar} from "./manifests.ts"
import {isReady} from "./place.ts"
import {home, shipped, useStage} from "./stage.ts"

const stage = useStage({operator: false})

type Rule = {readonly resources: readonly string[]; readonly verbs: readonly string[]}
const ClusterRole = clusterScoped("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles")
const ClusterRoleBinding = clusterScoped(
	"rbac.authorization.k8s.io",
	"v1",
	"ClusterRoleBinding",
	"clusterrolebindings",
)
const Role = namespaced("rbac.authorization.k8s.io", "v1", "Role", "roles")
const RoleBinding = namespaced("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings")

/** The shipped rights, but for one verb on one resource, in a namespace of their own; elsewhere by another name. */
function without(verb: string, resource: string, namespace: string): readonly KubeObject[] {
	const name = namespace
	return shipped("2-rbac.yaml").map((object) => {
		const {rules, subjects, roleRef, metadata, ...rest} = object as KubeObject & {
			rules?: readonly Rule[]
			subjects?: readonly object[]
			roleRef?: object
		}
		const isOurs = metadata.namespace === home
		return {
			...rest,
			metadata: isOurs ? {name: metadata.name, namespace} : {...metadata, name},
			...(rules && {rules: rules.flatMap((rule) => lessened(rule, verb, resource))}),
			...(roleRef && {roleRef: {...roleRef, ...(isOurs ? {} : {name})}}),
			...(subjects && {subjects: subjects.map((one) => ({...one, namespace}))}),
		}
	})
}

function lessened(rule: Rule, verb: string, resource: string): readonly Rule[] {
	if (!rule.resources.includes(resource)) return [rule]
	const others = rule.resources.filter((one) => one !== resource)
	const less = {...rule, resources: [resource], verbs: rule.verbs.filter((one) => one !== verb)}
	return others.length === 0 ? [less] : [{...rule, resources: others}, less]
}

describe("the operator's own account", () => {
	test("that may not patch Deployments says so in the MeshBinding, by verb and resource", async ({
		expect,
	}) => {
		const {world} = stage()
		const place = await stage().place()
		const {name: namespace} = place
		for (const object of without("patch", "deployments", namespace)) await apply(world, object)
		const kubeconfig = await serviceAccountKubeconfig({
			name: world.sandbox.name,
			namespace,
			serviceAccount: "heddle-operator",
		})
		await place.apply(deployment("web", {namespace}))
		await place.ready("web", 2)
		const lame = await stage().spawn({kubeconfig, namespace})
		await lame.ready()
		await place.profile({dataplane: sidecar, migration: quick})
		const {message, status} = await place.until("Forbidden")
		expect(status).toBe("False")
		expect(message).toMatch(/patch/)
		expect(message).toMatch(/deployments/)
		expect((await place.get(Deployment, "web"))?.metadata.generation).toBe(1)
		expect(await place.labels()).not.toHaveProperty("istio-injection")
		for (const object of without("", "", namespace)) await apply(world, object)
		await place.on("istio-sidecar", {timeoutMs: 40_000})
		await lame.stop()
		await stage().spawn() // with all its rights, lets the profile go when this file ends
		for (const kind of [ClusterRoleBinding, ClusterRole]) await world.client.delete(kind, namespace)
		for (const kind of [RoleBinding, Role]) await world.client.delete(kind, namespace, "kube-system")
	})

	test("sees the flags of the network, and no other ConfigMap", async ({expect, onTestFinished}) => {
		const {world} = stage()
		const kubeconfig = await serviceAccountKubeconfig({
			name: world.sandbox.name,
			namespace: home,
			serviceAccount: "heddle-operator",
		})
		const http = openHttp({config: await loadConfig({kubeconfig})})
		const cache = new Cache({http, client: clientOf(http), kinds: [CiliumConfig]})
		const stop = new AbortController()
		const running = cache.run(stop.signal)
		onTestFinished(async () => {
			stop.abort()
			await running
			await http.close()
		})
		await cache.settled()
		expect(cache.snapshot.knows(CiliumConfig)).toBe(true)
		for (const namespace of [undefined, "kube-system", home]) {
			const listing = clientOf(http).list(ConfigMap, namespace === undefined ? {} : {namespace})
			await expect(listing).rejects.toSatisfy(isForbidden)
		}
	})

	test("runs as two pods that Pod Security restricted admits, on simulated nodes", async ({expect}) => {
		const {world} = stage()
		const [shape] = shipped("3-deployment.yaml")
		if (shape === undefined) throw new Error("no Deployment is shipped")
		await apply(world, shape)
		const pods = await waitFor(
			"two pods of the operator",
			async () => (await world.client.list(Pod, {namespace: home})).items,
			(all) => all.length === 2 && all.every(isReady),
		)
		for (const {spec} of pods) {
			const [container] = spec?.containers ?? []
			expect(container).toMatchObject({
				securityContext: {readOnlyRootFilesystem: true},
				livenessProbe: {httpGet: {path: "/healthz"}},
				readinessProbe: {httpGet: {path: "/readyz"}},
			})
		}
		const lax = {apiVersion: "v1", kind: "Pod", metadata: {name: "lax", namespace: home}}
		await expect(
			apply(world, {...lax, ...{spec: {containers: [{name: "app", image: "registry.example/app:1"}]}}}),
		).rejects.toThrow(/restricted/)
		await world.client.delete(Deployment, "heddle-operator", home)
	})
})
