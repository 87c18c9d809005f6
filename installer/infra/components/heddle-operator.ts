import {ComponentResource, type ComponentResourceOptions, type Input} from "@pulumi/pulumi"
import {type Call, raise} from "../raise.ts"
import {heddleOperator} from "../recipes/heddle-operator.ts"

export interface HeddleOperatorArgs {
	/** The operator's image, best by digest. */
	image?: Input<string>
	/** Where it runs, `heddle-system` when left out. */
	namespace?: Input<string>
	/** Replicas, 2 when left out: one leads, the others stand by. */
	replicas?: Input<number>
	/** Whether it brings Heddle's CRDs (default). */
	withCRDs?: Input<boolean>
}

/** Heddle's operator with its CRDs, its account of least rights, and two replicas of which one leads. */
export class HeddleOperator extends ComponentResource<void> {
	constructor(name: string, args: HeddleOperatorArgs = {}, opts?: ComponentResourceOptions) {
		super(heddleOperator.token, name, args, opts)
	}

	protected override initialize(...call: Call): Promise<void> {
		return raise(this, heddleOperator, call)
	}
}
