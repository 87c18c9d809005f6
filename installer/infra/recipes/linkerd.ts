import {z} from "zod"
import {charts} from "../charts/chart.ts"
import type {Values} from "../charts/render.ts"
import {isSupported} from "../compatibility.ts"
import type {Manifest} from "../manifest.ts"
import {objects} from "../part.ts"
import type {Recipe} from "../recipe.ts"
import {chartDir, controlPlaneNamespace, fromFolder, replicas, version} from "./fields.ts"

/** Linkerd's charts have fixed names for their webhooks, their Secrets and the namespace in their certificates. */
const namespace = "linkerd"

const args = z.strictObject({
	version: version("2026.8.3"),
	trustAnchorsPEM: z
		.string()
		.includes("BEGIN CERTIFICATE", {error: "must be the certificates of the trust anchors, in PEM"})
		.refine((pem) => !pem.includes("PRIVATE KEY"), "must hold certificates only; keep the key out of here"),
	issuer: z.string().min(1).default("linkerd-trust-anchor"),
	issuerKind: z.enum(["Issuer", "ClusterIssuer"]).default("Issuer"),
	webhookIssuer: z.string().min(1).default("webhook-issuer"),
	withCNI: z.boolean().default(false),
	replicas: replicas(3),
	chartDir,
})
type Args = z.infer<typeof args>

/** Certificates and their keys are cert-manager's: none is made here, so none gets into git or into Pulumi's state. */
export const linkerd: Recipe<Args> = {
	token: "heddle:index:Linkerd",
	args,
	problems: ({version}) => isSupported("linkerd", version),
	parts: (given) => {
		const {version, chartDir} = given
		const common = {from: "chart", version, namespace, ...fromFolder(chartDir)} as const
		return [
			objects(controlPlaneNamespace(namespace, {"linkerd.io/is-control-plane": "true"})),
			{
				...common,
				chart: charts.linkerdCrds,
				release: "linkerd-crds",
				values: {installGatewayAPI: false},
			},
			objects(...certificates(given)),
			{...common, chart: charts.linkerdControlPlane, release: "linkerd-control-plane", values: values(given)},
		]
	},
}

const webhooks = {
	proxyInjector: "linkerd-proxy-injector",
	profileValidator: "linkerd-sp-validator",
	policyValidator: "linkerd-policy-validator",
} as const

/** What the chart's values-ha.yaml sets, with everything that needs a key left to cert-manager. */
function values({trustAnchorsPEM, withCNI, replicas}: Args): Values {
	const cpu = {request: "100m"}
	const resources = {cpu, memory: {request: "50Mi", limit: "250Mi"}}
	const own = Object.entries(webhooks).map(([key, name]) => [
		key,
		{externalSecret: true, injectCaFrom: `${namespace}/${name}`},
	])
	return {
		...Object.fromEntries(own),
		identityTrustAnchorsPEM: trustAnchorsPEM,
		identity: {issuer: {scheme: "kubernetes.io/tls"}},
		cniEnabled: withCNI,
		controllerReplicas: replicas,
		enablePodDisruptionBudget: replicas > 1,
		enablePodAntiAffinity: replicas > 1,
		// What `linkerd check` looks for.
		highAvailability: replicas > 1,
		deploymentStrategy: {rollingUpdate: {maxUnavailable: 1, maxSurge: "25%"}},
		webhookFailurePolicy: "Fail",
		controllerResources: resources,
		destinationResources: resources,
		identityResources: {cpu, memory: {request: "10Mi", limit: "250Mi"}},
		proxyInjectorResources: resources,
		spValidatorResources: resources,
		proxy: {resources: {cpu, memory: {request: "20Mi", limit: "250Mi"}}},
		// It would tell the version and the cluster's identity to the internet once a day.
		disableHeartBeat: true,
	}
}

function certificates({issuer, issuerKind, webhookIssuer}: Args): Manifest[] {
	return [
		certificate("linkerd-identity-issuer", {
			commonName: "identity.linkerd.cluster.local",
			dnsNames: ["identity.linkerd.cluster.local"],
			issuerRef: {name: issuer, kind: issuerKind},
			isCA: true,
			duration: "48h0m0s",
			renewBefore: "25h0m0s",
			usages: ["cert sign", "crl sign", "server auth", "client auth"],
		}),
		...Object.values(webhooks).map((name) =>
			certificate(name, {
				secretName: `${name}-k8s-tls`,
				commonName: `${name}.${namespace}.svc`,
				dnsNames: [`${name}.${namespace}.svc`],
				issuerRef: {name: webhookIssuer, kind: "Issuer"},
				isCA: false,
				duration: "24h0m0s",
				renewBefore: "1h0m0s",
				usages: ["server auth"],
			}),
		),
	]
}

function certificate(name: string, spec: object): Manifest {
	return {
		apiVersion: "cert-manager.io/v1",
		kind: "Certificate",
		metadata: {name, namespace},
		spec: {secretName: name, privateKey: {algorithm: "ECDSA", rotationPolicy: "Always"}, ...spec},
	}
}
