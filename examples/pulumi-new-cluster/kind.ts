import {local} from "@pulumi/command"
import {secret} from "@pulumi/pulumi"
import type {NewCluster} from "./mesh.ts"

/** A cluster of kind on this machine, for trying things out. */
export function kind(): NewCluster {
	const cluster = new local.Command("kind", {
		create: "kind create cluster --name mesh --wait 2m >&2 && kind get kubeconfig --name mesh",
		delete: "kind delete cluster --name mesh",
	})
	return {kubeconfig: secret(cluster.stdout), ownAgents: true}
}
