import {expect, test} from "vitest"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import {heddle, jsonOf} from "../../kit/cli.ts"
import {standInCharts} from "../../kit/stand-in-charts.ts"

/** Helm may have to be fetched or built first. */
const slow = {timeout: 900_000}
const run = (...args: string[]) => heddle(args, {timeoutMs: slow.timeout})

const versions = {
	base: "1.31.1",
	istiod: "1.31.1",
	cni: "1.31.1",
	ztunnel: "1.31.1",
	"linkerd-crds": "2026.8.3",
	"linkerd-control-plane": "2026.8.3",
	cilium: "1.20.2",
	"kmesh-helm": "1.2.0",
	"gateway-helm": "v1.9.0",
	dapr: "1.18.3",
}

type Rendered = {items: (KubeObject & {data?: {values: string}})[]}

const cases: readonly [string, readonly string[], Readonly<Record<string, object>>][] = [
	[
		"istio-ambient",
		["istio-ambient.revision=1-31-1", "istio-ambient.platform=gke"],
		{
			"istio-system/istio-base-values": {defaultRevision: "1-31-1"},
			"istio-system/istiod-1-31-1-values": {profile: "ambient", platform: "gke", autoscaleMin: 2},
			"istio-system/istio-cni-values": {profile: "ambient", istioOwnedCNIConfig: true},
			"istio-system/ztunnel-values": {tag: "1.31.1", revision: "1-31-1"},
		},
	],
	[
		"linkerd",
		["linkerd.trustAnchorsPEM=-----BEGIN CERTIFICATE-----"],
		{
			"linkerd/linkerd-crds-values": {installGatewayAPI: false},
			"linkerd/linkerd-control-plane-values": {
				controllerReplicas: 3,
				webhookFailurePolicy: "Fail",
				identity: {issuer: {scheme: "kubernetes.io/tls"}},
				proxyInjector: {externalSecret: true, injectCaFrom: "linkerd/linkerd-proxy-injector"},
			},
		},
	],
	[
		"cilium",
		["cilium.apiServerHost=10.0.0.1"],
		{
			"kube-system/cilium-values": {
				kubeProxyReplacement: true,
				cni: {exclusive: false},
				socketLB: {hostNamespaceOnly: true},
				encryption: {enabled: true, type: "wireguard"},
			},
		},
	],
	["kmesh", [], {"kmesh-system/kmesh-values": {deploy: {kmesh: {image: {tag: "v1.2.0"}}}}}],
	["envoy-gateway", [], {"envoy-gateway-system/eg-values": {deployment: {replicas: 2}}}],
	[
		"dapr",
		[],
		{"dapr-system/dapr-values": {global: {tag: "1.18.3", ha: {enabled: true}, mtls: {enabled: true}}}},
	],
]

test.each(cases)(
	"%s hands its values to the charts (stand-ins here), and brings its namespace",
	slow,
	async (component, settings, expected) => {
		const folder = standInCharts(versions)
		const sets = settings.flatMap((setting) => ["--set", setting])
		const rendered = await run("render", component, ...sets, "--chart-dir", folder, "-o", "json")
		expect(rendered.code, rendered.stderr).toBe(0)
		const {items} = jsonOf<Rendered>(rendered)
		const values = items.flatMap(({metadata, data}) =>
			data === undefined ? [] : [[`${metadata.namespace}/${metadata.name}`, JSON.parse(data.values)]],
		)
		expect(Object.fromEntries(values)).toMatchObject(expected)
		expect(values).toHaveLength(Object.keys(expected).length)
		expect(items.filter(({kind}) => kind === "Secret")).toEqual([])
	},
)

test(
	"Istio's own charts, out of its source, render the same text every time, without a Secret",
	slow,
	async () => {
		const args = ["render", "istio-ambient", "--set", "istio-ambient.version=1.31.0"]
		const [one, other] = [await run(...args), await run(...args)]
		expect(one.code, one.stderr).toBe(0)
		expect(other.stdout).toBe(one.stdout)
		expect(one.stdout).toContain("image: registry.istio.io/release/ztunnel:1.31.0")
		expect(one.stdout).not.toMatch(/^kind: Secret$/m)
		expect(one.stdout).not.toContain("testing")
	},
)

test(
	"a chart that is not in the folder ends with 3, and says what is missing and from where",
	slow,
	async () => {
		const folder = standInCharts({dapr: "1.18.0"})
		const missing = await run("render", "dapr", "--chart-dir", folder)
		expect(missing.code).toBe(3)
		expect(missing.stderr).toContain("dapr 1.18.3 is not in")
		expect(missing.stderr).toContain("is version 1.18.0")
	},
)
