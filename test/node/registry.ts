import {createHash} from "node:crypto"
import {readFileSync} from "node:fs"
import {imageNames} from "../../installer/sandbox/node/images.ts"
import {mediaTypes} from "../../installer/wasm/oci/layouts.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex")

/** An image of a module, as `oras push` makes it, by the names under which the registry in the node serves it. */
export type ModuleImage = {
	/** Of the manifest, in hex: what a profile pins. */
	readonly digest: string
	readonly files: Readonly<Record<string, Uint8Array>>
}

export function moduleImage(name: string, tag: string, module: Uint8Array): ModuleImage {
	const config = Buffer.from("{}")
	const described = (mediaType: string, bytes: Uint8Array) => ({
		mediaType,
		digest: `sha256:${sha256(bytes)}`,
		size: bytes.length,
	})
	const manifest = Buffer.from(
		JSON.stringify({
			schemaVersion: 2,
			mediaType: mediaTypes.ociManifest,
			config: described("application/vnd.oci.image.config.v1+json", config),
			layers: [
				described(mediaTypes.moduleLayer, module),
				described("application/vnd.module.wasm.config.v1+json", config),
			],
		}),
	)
	const digest = sha256(manifest)
	return {
		digest,
		files: {
			[`${name}.${tag}`]: manifest,
			[digest]: manifest,
			[sha256(module)]: module,
			[sha256(config)]: config,
		},
	}
}

/** The same module with other bytes: a custom section more, which no engine looks at. */
export const rebuilt = (module: Uint8Array, mark: string): Uint8Array => {
	const name = Buffer.from(mark)
	return Buffer.concat([module, Uint8Array.from([0, name.length + 1, name.length]), name])
}

/** A registry in the node, out of the mesh: for agents, which ask it by plain HTTP. */
export function registry(namespace: string, images: readonly ModuleImage[]): KubeObject[] {
	const labels = {app: "registry"}
	const files = Object.assign({}, ...images.map((image) => image.files)) as ModuleImage["files"]
	const program = readFileSync(new URL("pods/registry.ts", import.meta.url), "utf8")
	const binaryData = Object.fromEntries(
		Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes).toString("base64")]),
	)
	const container = {
		name: "registry",
		image: imageNames.node,
		args: ["--disable-warning=ExperimentalWarning", "/store/registry.ts"],
		env: [{name: "FOLDER", value: "/store"}],
		ports: [{containerPort: 5000}],
		readinessProbe: {httpGet: {path: "/v2/", port: 5000}, periodSeconds: 1},
		volumeMounts: [{name: "store", mountPath: "/store"}],
	}
	return [
		{
			apiVersion: "v1",
			kind: "ConfigMap",
			metadata: {name: "registry", namespace},
			...{data: {"registry.ts": program}, binaryData},
		},
		{
			apiVersion: "v1",
			kind: "Pod",
			metadata: {name: "registry", namespace, labels: {...labels, "sidecar.istio.io/inject": "false"}},
			...{spec: {containers: [container], volumes: [{name: "store", configMap: {name: "registry"}}]}},
		},
		{
			apiVersion: "v1",
			kind: "Service",
			metadata: {name: "registry", namespace},
			...{spec: {selector: labels, ports: [{name: "http", port: 5000}]}},
		},
	]
}
