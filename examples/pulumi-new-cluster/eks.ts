import {Cluster} from "@pulumi/eks"
import type {NewCluster} from "./mesh.ts"

/** EKS with nodes of one's own; pods keep the addresses of the VPC, and any dataplane can be installed. */
export function eks(): NewCluster {
	const cluster = new Cluster("mesh", {
		version: "1.35",
		instanceType: "m7i.large",
		desiredCapacity: 3,
		minSize: 2,
		maxSize: 6,
		createOidcProvider: true,
	})
	return {kubeconfig: cluster.kubeconfigJson, ownAgents: true}
}
