import {ComponentResource, type ComponentResourceOptions, type Input} from "@pulumi/pulumi"
import {type Call, raise} from "../raise.ts"
import {envoyGateway} from "../recipes/envoy-gateway.ts"

export interface EnvoyGatewayArgs {
	/** The version, such as `1.9.0`. */
	version?: Input<string>
	/** Where it runs, `envoy-gateway-system` when left out. */
	namespace?: Input<string>
	/** The name of the GatewayClass, `envoy` when left out. */
	gatewayClass?: Input<string>
	/** Replicas of the controller, 2 when left out. */
	replicas?: Input<number>
	/** A folder with the charts, for machines without a network; HEDDLE_CHART_DIR does the same for all. */
	chartDir?: Input<string>
}

/** Envoy Gateway with a GatewayClass: an ingress that runs Wasm extensions. Needs the Gateway API's CRDs before it. */
export class EnvoyGateway extends ComponentResource<void> {
	constructor(name: string, args: EnvoyGatewayArgs = {}, opts?: ComponentResourceOptions) {
		super(envoyGateway.token, name, args, opts)
	}

	protected override initialize(...call: Call): Promise<void> {
		return raise(this, envoyGateway, call)
	}
}
