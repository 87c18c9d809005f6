import {TrafficExtension, WasmPlugin} from "../apis/istio/kinds.ts"
import {namespaced} from "../snapshot/kinds.ts"
import type {Custom} from "../snapshot/shapes.ts"

export const EnvoyExtensionPolicy = namespaced<Custom>(
	"gateway.envoyproxy.io",
	"v1alpha1",
	"EnvoyExtensionPolicy",
	"envoyextensionpolicies",
)

/** Every kind of object that brings a module to a host. */
export const extensionKinds = [TrafficExtension, WasmPlugin, EnvoyExtensionPolicy] as const
