import type {Inspection} from "../../wasm/types.ts"

/** A module that waypoints run and an older host refuses. */
export const seen: Inspection = {
	apiVersion: "heddle.dev/v1alpha1",
	kind: "WasmInspection",
	address: "oci://ghcr.io/acme/audit:1.4.0",
	image: {name: "ghcr.io/acme/audit", tag: "1.4.0", digest: `sha256:${"6f".repeat(32)}`, layout: "artifact"},
	sha256: "a1".repeat(32),
	bytes: 18_432,
	pin: {sha256: "6f".repeat(32), of: "the image's manifest"},
	abi: ["proxy-wasm 0.2.1"],
	imports: [{module: "env", name: "proxy_log", kind: "function", type: "i32 i32 i32 -> i32"}],
	exports: [{name: "memory", kind: "memory"}],
	memory: {initialMiB: 1, maximumMiB: 16},
	run: {outcome: "ran", stages: ["_start"], memoryMiB: 1},
	hosts: [
		{
			host: "istio-waypoint",
			versions: ">=1.24.0",
			asked: true,
			accepted: true,
			reasons: [],
			source: "envoyproxy/envoy:source/extensions/common/wasm",
		},
		{
			host: "cloud-service-mesh",
			versions: "*",
			asked: false,
			accepted: false,
			reasons: [
				{code: "ABINotOffered", message: "it is written for proxy-wasm 0.2.1, and none is run there"},
			],
			source: "cloud.google.com/service-mesh",
		},
	] as Inspection["hosts"],
	verdict: "Accepted",
}
