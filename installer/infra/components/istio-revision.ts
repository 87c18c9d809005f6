import type {Input} from "@pulumi/pulumi"

/** One control plane of Istio beside others. */
export interface IstioRevisionArgs {
	/** Its version, such as `1.30.5`. */
	version: Input<string>
	/** Its revision, such as `1-30-5`. */
	revision: Input<string>
}
