import {ComponentResource, type ComponentResourceOptions, type Input} from "@pulumi/pulumi"
import {type Call, raise} from "../raise.ts"
import {gatewayApi} from "../recipes/gateway-api.ts"

export interface GatewayApiArgs {
	/** The version, such as `1.6.1`. */
	version?: Input<string>
	/** `standard` (default) or `experimental`. */
	channel?: Input<string>
	/** A folder with the charts, for machines without a network; HEDDLE_CHART_DIR does the same for all. */
	chartDir?: Input<string>
}

/** The CRDs of the Gateway API, with the policy that keeps them from being downgraded. One owner for all who use them. */
export class GatewayApi extends ComponentResource<void> {
	constructor(name: string, args: GatewayApiArgs = {}, opts?: ComponentResourceOptions) {
		super(gatewayApi.token, name, args, opts)
	}

	protected override initialize(...call: Call): Promise<void> {
		return raise(this, gatewayApi, call)
	}
}
