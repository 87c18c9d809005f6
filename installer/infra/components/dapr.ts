import {ComponentResource, type ComponentResourceOptions, type Input} from "@pulumi/pulumi"
import {type Call, raise} from "../raise.ts"
import {dapr} from "../recipes/dapr.ts"

export interface DaprArgs {
	/** The version, such as `1.18.3`. */
	version?: Input<string>
	/** Where it runs, `dapr-system` when left out. */
	namespace?: Input<string>
	/** Three replicas of each service (default). */
	highAvailability?: Input<boolean>
	/** Whether Dapr encrypts between its sidecars (default). Off where a mesh does it: twice costs twice. */
	mtls?: Input<boolean>
	/** A folder with the charts, for machines without a network; HEDDLE_CHART_DIR does the same for all. */
	chartDir?: Input<string>
}

/** Dapr's control plane, highly available. Its namespace is kept out of every mesh. */
export class Dapr extends ComponentResource<void> {
	constructor(name: string, args: DaprArgs = {}, opts?: ComponentResourceOptions) {
		super(dapr.token, name, args, opts)
	}

	protected override initialize(...call: Call): Promise<void> {
		return raise(this, dapr, call)
	}
}
