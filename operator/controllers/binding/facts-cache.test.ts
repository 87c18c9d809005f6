import {describe, expect, it} from "vitest"
import {
	CiliumClusterwideNetworkPolicy,
	CiliumConfig,
	CiliumEndpoint,
	CiliumNetworkPolicy,
} from "../../../profiles/apis/cilium/kinds.ts"
import {AuthorizationPolicy} from "../../../profiles/apis/istio/kinds.ts"
import {dataplanes} from "../../../profiles/registry.ts"
import type {Kind} from "../../../profiles/snapshot/kinds.ts"
import * as kinds from "../../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import type {Snapshot} from "../../../profiles/snapshot/snapshot.ts"
import {snapshotOf} from "../../../profiles/snapshot/snapshot.ts"
import {namespace, pod, policy} from "../../../profiles/testing/builders.ts"
import {MeshBinding} from "../../api/kinds.ts"
import {controlPlanes, nodes} from "../../plan/testing/cluster.ts"
import {FactsCache} from "./facts-cache.ts"

const objects = [...nodes(), ...controlPlanes.istio(), namespace("shop"), pod("cart")]
const withPods = (count: number) =>
	snapshotOf([...objects, ...Array.from({length: count}, (_, index) => pod(`more-${index}`))])

function started() {
	let now = 0
	const cache = new FactsCache(dataplanes, () => now)
	const facts = cache.get(snapshotOf(objects))
	return {cache, facts, wait: (ms: number) => (now += ms)}
}

const change = (kind: Kind, inside: string | undefined) => ({
	kind,
	namespace: inside,
	name: "x",
	listed: false,
})

describe("facts that every plan shares", () => {
	it("are taken once", () => {
		const {cache, facts} = started()
		expect(cache.get(snapshotOf(objects))).toBe(facts)
	})

	it.each([
		["a pod of an ordinary namespace", change(kinds.Pod, "shop"), false],
		["a Deployment of an ordinary namespace", change(kinds.Deployment, "shop"), false],
		["a namespace", change(kinds.Namespace, undefined), false],
		["a MeshBinding", change(MeshBinding, "shop"), false],
		["a Deployment of a control plane", change(kinds.Deployment, "istio-system"), true],
		["a pod of a control plane", change(kinds.Pod, "istio-system"), true],
		["a policy", change(AuthorizationPolicy, "shop"), true],
		["a node", change(kinds.Node, undefined), true],
		["an injector", change(kinds.MutatingWebhookConfiguration, undefined), true],
	])("are taken anew at once after %s: %s", (_, touched, anew) => {
		const {cache, facts} = started()
		cache.touch(touched)
		expect(cache.get(snapshotOf(objects)) !== facts).toBe(anew)
	})

	it("are taken anew after a while for all the rest", () => {
		const {cache, facts, wait} = started()
		wait(2_000)
		expect(cache.get(snapshotOf(objects))).toBe(facts)
		wait(1)
		expect(cache.get(snapshotOf(objects))).not.toBe(facts)
	})

	it("belong to an era of their own", () => {
		const {cache} = started()
		const era = cache.era()
		expect(cache.era()).toBe(era)
		cache.touch(change(kinds.Node, undefined))
		expect(cache.era()).not.toBe(era)
	})

	it("count the pods of a namespace again only when one of them has changed", () => {
		const {cache, facts, wait} = started()
		const counted = (pods: number) => cache.get(withPods(pods)).census.pods.get("none")
		expect(facts.census.pods.get("none")).toBe(1)
		wait(5_000)
		expect(counted(3)).toBe(1)
		cache.touch(change(kinds.Pod, "shop"))
		wait(5_000)
		expect(counted(3)).toBe(4)
	})

	it("follow the cluster under one and the same snapshot", () => {
		let current = snapshotOf(objects)
		const live: Snapshot = {
			list: (kind, inside) => current.list(kind, inside),
			get: (kind, name, inside) => current.get(kind, name, inside),
			knows: () => true,
		}
		const cache = new FactsCache(dataplanes, () => 0)
		const healthOf = () => cache.get(live).installed.map(({installation}) => installation.healthy)
		const before = healthOf()
		current = snapshotOf([...nodes(), ...controlPlanes["istio-broken"](), namespace("shop"), pod("cart")])
		cache.touch(change(kinds.Deployment, "istio-system"))
		expect(before).toContain(true)
		expect(healthOf()).not.toEqual(before)
	})

	it.each([
		["a rule that is written", change(CiliumNetworkPolicy, "shop")],
		["a rule for the whole cluster", change(CiliumClusterwideNetworkPolicy, undefined)],
		["a flag of the network", change(CiliumConfig, "kube-system")],
		["a label of the namespace", {...change(kinds.Namespace, undefined), name: "shop"}],
		["what the network knows of a pod", change(CiliumEndpoint, "shop")],
	])("count the pods of a namespace again when %s may have placed them elsewhere", (_, touched) => {
		let now = 0
		const cache = new FactsCache(dataplanes, () => now)
		const network = controlPlanes.cilium()
		const rule = policy("CiliumNetworkPolicy", "p", {
			endpointSelector: {},
			ingress: [{toPorts: [{rules: {http: [{}]}}]}],
		})
		const counted = (...more: KubeObject[]) =>
			Object.fromEntries(cache.get(snapshotOf([...objects, ...network, ...more])).census.pods)
		expect(counted()).toEqual({none: 1})
		cache.touch(touched)
		now += 5_000
		expect(counted(rule)).toEqual({cilium: 1})
	})

	it("do not begin anew whenever the network has seen to a pod", () => {
		const {cache, facts} = started()
		cache.touch(change(CiliumEndpoint, "shop"))
		expect(cache.get(snapshotOf(objects))).toBe(facts)
	})
})
