import type {KubeObject} from "../snapshot/object.ts"

/** The CRD of HTTPRoute of this channel, as far as Heddle reads it. */
export const customResource = (channel: "standard" | "experimental", version = "v1.4.0"): KubeObject => ({
	apiVersion: "apiextensions.k8s.io/v1",
	kind: "CustomResourceDefinition",
	metadata: {
		name: "httproutes.gateway.networking.k8s.io",
		annotations: {
			"gateway.networking.k8s.io/bundle-version": version,
			"gateway.networking.k8s.io/channel": channel,
		},
	},
})
