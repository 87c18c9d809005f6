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

const erased = (recipe: object) => recipe as Recipe<never>

/** What checks a component's arguments and completes them; without the classes, which take Pulumi to load. */
export const recipes: Readonly<Record<ComponentName, Recipe<never>>> = {
	"gateway-api": erased(gatewayApi),
	cilium: erased(cilium),
	"istio-sidecar": erased(istioSidecar),
	"istio-ambient": erased(istioAmbient),
	kmesh: erased(kmesh),
	linkerd: erased(linkerd),
	"envoy-gateway": erased(envoyGateway),
	dapr: erased(dapr),
	"wasm-runtime": erased(wasmRuntime),
	operator: erased(heddleOperator),
}
