import type {ComponentResource, ComponentResourceOptions} from "@pulumi/pulumi"
import * as infra from "../infra/index.ts"
import type {ComponentName} from "./component-names.ts"
import type {Args} from "./recipes.ts"

/** A component of the command line as its class of Pulumi. */
export type ComponentEntry = {
	readonly make: (name: string, args: Args, opts: ComponentResourceOptions) => ComponentResource
	/** Components that have to be ready first, where they are installed too. */
	readonly after: readonly ComponentName[]
}

type Class = new (name: string, args: never, opts?: ComponentResourceOptions) => ComponentResource

const entry = (type: Class, after: readonly ComponentName[] = []): ComponentEntry => ({
	make: (name, args, opts) => new type(name, args as never, opts),
	after,
})

export const components: Readonly<Record<ComponentName, ComponentEntry>> = {
	"gateway-api": entry(infra.GatewayApi),
	cilium: entry(infra.Cilium, ["gateway-api"]),
	"istio-sidecar": entry(infra.IstioSidecar, ["gateway-api", "istio-ambient"]),
	"istio-ambient": entry(infra.IstioAmbient, ["gateway-api"]),
	kmesh: entry(infra.Kmesh, ["istio-ambient"]),
	linkerd: entry(infra.Linkerd, ["gateway-api"]),
	"envoy-gateway": entry(infra.EnvoyGateway, ["gateway-api"]),
	dapr: entry(infra.Dapr),
	"wasm-runtime": entry(infra.WasmRuntime),
	operator: entry(infra.HeddleOperator),
}
