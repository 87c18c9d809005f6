import type {KubeObject} from "../snapshot/object.ts"
import type {WantedExtension} from "./host.ts"

/**
 * The one policy of a Gateway, with all of its modules in their order: of several policies on one Gateway the oldest
 * counts alone (envoyproxy/gateway:api/v1alpha1/wasm_types.go).
 */
export function envoyExtensionPolicy(
	name: string,
	target: {readonly namespace: string; readonly gateway: string},
	extensions: readonly WantedExtension[],
): KubeObject {
	const spec = {
		targetRefs: [{group: "gateway.networking.k8s.io", kind: "Gateway", name: target.gateway}],
		wasm: extensions.map(moduleOf),
	}
	return {
		apiVersion: "gateway.envoyproxy.io/v1alpha1",
		kind: "EnvoyExtensionPolicy",
		metadata: {name, namespace: target.namespace},
		...{spec},
	}
}

function moduleOf({name, url, sha256, config, failurePolicy, imagePullSecret}: WantedExtension): object {
	return {
		name,
		code: {...sourceOf(url, sha256, imagePullSecret)},
		...(config === undefined ? {} : {config}),
		failOpen: failurePolicy === "Ignore",
	}
}

/** An image is named without its scheme, as a registry knows it. */
function sourceOf(url: string, sha256: string, secret: string | undefined): object {
	if (!url.startsWith("oci://")) return {type: "HTTP", http: {url, sha256}}
	const pullSecretRef = secret === undefined ? {} : {pullSecretRef: {kind: "Secret", name: secret}}
	return {type: "Image", image: {url: url.slice("oci://".length), sha256, ...pullSecretRef}}
}
