import type {KubeObject, StringMap} from "../snapshot/object.ts"
import type {Gateway, LabelSelector, MutatingWebhookConfiguration, NetworkPolicy} from "../snapshot/shapes.ts"
import {type Meta, metaOf} from "./meta.ts"

export function networkPolicy(
	name: string,
	spec: NonNullable<NetworkPolicy["spec"]>,
	options: Meta = {},
): NetworkPolicy {
	return {
		apiVersion: "networking.k8s.io/v1",
		kind: "NetworkPolicy",
		metadata: metaOf(name, {namespace: "shop", ...options}),
		spec,
	}
}

const apiVersions: Readonly<Record<string, string>> = {
	AuthorizationPolicy: "security.istio.io/v1",
	PeerAuthentication: "security.istio.io/v1",
	RequestAuthentication: "security.istio.io/v1",
	VirtualService: "networking.istio.io/v1",
	DestinationRule: "networking.istio.io/v1",
	ServiceEntry: "networking.istio.io/v1",
	Sidecar: "networking.istio.io/v1",
	EnvoyFilter: "networking.istio.io/v1alpha3",
	ProxyConfig: "networking.istio.io/v1beta1",
	Telemetry: "telemetry.istio.io/v1",
	WasmPlugin: "extensions.istio.io/v1alpha1",
	TrafficExtension: "extensions.istio.io/v1alpha1",
	GatewayClass: "gateway.networking.k8s.io/v1",
	HTTPRoute: "gateway.networking.k8s.io/v1",
	GRPCRoute: "gateway.networking.k8s.io/v1",
	TCPRoute: "gateway.networking.k8s.io/v1",
	TLSRoute: "gateway.networking.k8s.io/v1",
	BackendTLSPolicy: "gateway.networking.k8s.io/v1",
	CiliumNetworkPolicy: "cilium.io/v2",
	CiliumClusterwideNetworkPolicy: "cilium.io/v2",
	CiliumEnvoyConfig: "cilium.io/v2",
	CiliumClusterwideEnvoyConfig: "cilium.io/v2",
	CiliumLocalRedirectPolicy: "cilium.io/v2",
	FQDNNetworkPolicy: "networking.gke.io/v1alpha1",
}

/**
 * A policy, a route or any other kind of Istio's or of the Gateway API, in the namespace `shop`. `spec` is taken as
 * it is, also when it is nonsense: that is what some tests are about.
 */
export function policy(kind: string, name: string, spec: unknown, options: Meta = {}): KubeObject {
	const apiVersion = apiVersions[kind]
	if (apiVersion === undefined)
		throw new Error(`no apiVersion is known for the kind ${kind}; add it to the builders`)
	return {apiVersion, kind, metadata: metaOf(name, {namespace: "shop", ...options}), ...{spec}}
}

/** A Gateway that its controller has programmed, unless told otherwise. */
export function gateway(
	name: string,
	options: Meta & {readonly className?: string; readonly programmed?: boolean} = {},
): Gateway {
	const {className = "istio", programmed = true, ...given} = options
	return {
		apiVersion: "gateway.networking.k8s.io/v1",
		kind: "Gateway",
		metadata: metaOf(name, {namespace: "shop", ...given}),
		spec: {gatewayClassName: className, listeners: [{name: "http", port: 80, protocol: "HTTP"}]},
		status: {conditions: [{type: "Programmed", status: programmed ? "True" : "False"}]},
	}
}

export function waypoint(name = "waypoint", options: Meta & {readonly programmed?: boolean} = {}): Gateway {
	const built = gateway(name, {...options, className: "istio-waypoint"})
	return {
		...built,
		spec: {gatewayClassName: "istio-waypoint", listeners: [{name: "mesh", port: 15008, protocol: "HBONE"}]},
	}
}

export function webhook(
	name: string,
	options: {
		readonly labels?: StringMap
		readonly service?: {readonly name: string; readonly namespace: string}
		readonly caBundle?: string
		readonly namespaceSelector?: LabelSelector
	},
): MutatingWebhookConfiguration {
	return {
		apiVersion: "admissionregistration.k8s.io/v1",
		kind: "MutatingWebhookConfiguration",
		metadata: {name, ...(options.labels ? {labels: options.labels} : {})},
		webhooks: [
			{
				name: "rev.namespace.sidecar-injector.istio.io",
				failurePolicy: "Fail",
				clientConfig: {
					service: options.service ?? {name: "istiod", namespace: "istio-system"},
					caBundle: options.caBundle ?? "Y2E=",
				},
				...(options.namespaceSelector ? {namespaceSelector: options.namespaceSelector} : {}),
			},
		],
	}
}
