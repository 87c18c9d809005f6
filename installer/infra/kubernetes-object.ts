import provider from "@pulumi/kubernetes/package.json" with {type: "json"}
import {CustomResource, type CustomResourceOptions} from "@pulumi/pulumi"
import type {Manifest} from "./manifest.ts"

/**
 * One object of a cluster, managed by Pulumi's Kubernetes provider: the same resource that @pulumi/kubernetes declares
 * for its kind, without its 600 classes, whose import takes seconds.
 */
export class KubernetesObject extends CustomResource {
	constructor(name: string, object: Manifest, options: CustomResourceOptions) {
		super(tokenOf(object), name, object, {version: provider.version, ...options})
	}
}

/** The provider reads group, version and kind out of the token; the core group goes by a name of its own there. */
function tokenOf({apiVersion, kind}: Manifest): string {
	return `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`
}

export const isKubernetesToken = (token: string) => token.startsWith("kubernetes:")
