import {container} from "@pulumi/gcp"
import {all, Config, secret} from "@pulumi/pulumi"
import type {NewCluster} from "./mesh.ts"

/** GKE with Dataplane V2, whose Cilium is Google's: Heddle sees it and leaves it alone. */
export function gke(): NewCluster {
	const config = new Config("gcp")
	const project = config.require("project")
	const location = config.get("region") ?? "europe-west1"
	const cluster = new container.Cluster("mesh", {
		project,
		location,
		initialNodeCount: 1,
		removeDefaultNodePool: true,
		datapathProvider: "ADVANCED_DATAPATH",
		releaseChannel: {channel: "REGULAR"},
		workloadIdentityConfig: {workloadPool: `${project}.svc.id.goog`},
		deletionProtection: true,
	})
	new container.NodePool("nodes", {
		project,
		location,
		cluster: cluster.name,
		autoscaling: {minNodeCount: 1, maxNodeCount: 5},
		nodeConfig: {
			machineType: "e2-standard-4",
			oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
		},
	})
	// The plugin logs in as whoever runs Pulumi: no credential gets into the state.
	const kubeconfig = all([cluster.endpoint, cluster.masterAuth, cluster.name]).apply(
		([endpoint, auth, name]) => kubeconfigOf(name, endpoint, auth.clusterCaCertificate),
	)
	return {kubeconfig: secret(kubeconfig), platform: "gke", ownAgents: true}
}

function kubeconfigOf(name: string, endpoint: string, ca: string): string {
	return JSON.stringify({
		apiVersion: "v1",
		kind: "Config",
		"current-context": name,
		contexts: [{name, context: {cluster: name, user: name}}],
		clusters: [{name, cluster: {server: `https://${endpoint}`, "certificate-authority-data": ca}}],
		users: [
			{
				name,
				user: {
					exec: {
						apiVersion: "client.authentication.k8s.io/v1",
						command: "gke-gcloud-auth-plugin",
						interactiveMode: "Never",
						provideClusterInfo: true,
					},
				},
			},
		],
	})
}
