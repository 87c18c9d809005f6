import {Provider} from "@pulumi/kubernetes"
import type {Input} from "@pulumi/pulumi"
import {GatewayApi, HeddleOperator, IstioAmbient, IstioSidecar, MeshProfile} from "heddle/pulumi"

export type NewCluster = {
	readonly kubeconfig: Input<string>
	/** What Istio has to know of where it runs. */
	readonly platform?: string
	/** Whether node agents of a mesh may be installed, as ambient needs them. */
	readonly ownAgents: boolean
}

/** Heddle and a dataplane on a cluster that is about to be. Nothing here waits: Pulumi orders it all. */
export function mesh({kubeconfig, platform, ownAgents}: NewCluster): void {
	const provider = new Provider("cluster", {kubeconfig, enableServerSideApply: true})
	const gatewayApi = new GatewayApi("gateway-api", {}, {provider})
	const args = platform === undefined ? {} : {platform}
	const options = {provider, dependsOn: gatewayApi}
	if (ownAgents) new IstioAmbient("istio", args, options)
	else new IstioSidecar("istio", args, options)
	const operator = new HeddleOperator("heddle", {}, {provider})
	new MeshProfile(
		"default",
		{
			profileName: "default",
			spec: {namespaceSelector: {matchLabels: {mesh: "heddle"}}, dataplane: {mode: "Auto"}},
		},
		{provider, dependsOn: operator},
	)
}
