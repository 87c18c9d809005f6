import type {ComponentResource, ComponentResourceOptions} from "@pulumi/pulumi"
import * as infra from "../infra/index.ts"
import type {Recipe} from "../infra/recipe.ts"
import {cilium} from "../infra/recipes/cilium.ts"
import {dapr} from "../infra/recipes/dapr.ts"
import {envoyGateway} from "../infra/recipes/envoy-gateway.ts"
import {gatewayApi} from "../infra/recipes/gateway-api.ts"
import {heddleOperator} from "../infra/recipes/heddle-operator.ts"
import {istioAmbient, istioSidecar} from "../infra/recipes/istio.ts"
import {kmesh} from "../infra/recipes/kmesh.ts"
import {linkerd} from "../infra/recipes/linkerd.ts"
import {wasmRuntime} from "../infra/recipes/wasm-runtime.ts"
import type {ComponentName} from "./component-names.ts"

export type Args = Readonly<Record<string, unknown>>

/** A component of the command line: its class, and what checks its arguments before the class sees them. */
export type ComponentEntry = {
	readonly recipe: Recipe<never>
	readonly make: (name: string, args: Args, opts: ComponentResourceOptions) => ComponentResource
	/** Components that have to be ready first, where they are installed too. */
	readonly after: readonly ComponentName[]
}

type Class = new (name: string, args: never, opts?: ComponentResourceOptions) => ComponentResource

function entry(recipe: object, type: Class, after: readonly ComponentName[] = []): ComponentEntry {
	return {
		recipe: recipe as Recipe<never>,
		make: (name, args, opts) => new type(name, args as never, opts),
		after,
	}
}

export const components: Readonly<Record<ComponentName, ComponentEntry>> = {
	"gateway-api": entry(gatewayApi, infra.GatewayApi),
	cilium: entry(cilium, infra.Cilium, ["gateway-api"]),
	"istio-sidecar": entry(istioSidecar, infra.IstioSidecar, ["gateway-api", "istio-ambient"]),
	"istio-ambient": entry(istioAmbient, infra.IstioAmbient, ["gateway-api"]),
	kmesh: entry(kmesh, infra.Kmesh, ["istio-ambient"]),
	linkerd: entry(linkerd, infra.Linkerd, ["gateway-api"]),
	"envoy-gateway": entry(envoyGateway, infra.EnvoyGateway, ["gateway-api"]),
	dapr: entry(dapr, infra.Dapr),
	"wasm-runtime": entry(wasmRuntime, infra.WasmRuntime),
	operator: entry(heddleOperator, infra.HeddleOperator),
}
