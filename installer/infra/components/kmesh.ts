import {ComponentResource, type ComponentResourceOptions, type Input} from "@pulumi/pulumi"
import {type Call, raise} from "../raise.ts"
import {kmesh} from "../recipes/kmesh.ts"

export interface KmeshArgs {
	/** The version, such as `1.2.0`. */
	version?: Input<string>
	/** `dual-engine` (default) or `kernel-native`, which needs a patched kernel. */
	mode?: Input<string>
	/** Where it runs, `kmesh-system` when left out. */
	namespace?: Input<string>
	/** Where its istiod runs, `istio-system` when left out. */
	istioNamespace?: Input<string>
	/** A folder with the charts, for machines without a network; HEDDLE_CHART_DIR does the same for all. */
	chartDir?: Input<string>
}

/** Kmesh on every node, configured by an istiod of the ambient profile. */
export class Kmesh extends ComponentResource<void> {
	constructor(name: string, args: KmeshArgs = {}, opts?: ComponentResourceOptions) {
		super(kmesh.token, name, args, opts)
	}

	protected override initialize(...call: Call): Promise<void> {
		return raise(this, kmesh, call)
	}
}
