import {ComponentResource, type ComponentResourceOptions, type Input} from "@pulumi/pulumi"
import {type Call, raise} from "../raise.ts"
import {meshProfile} from "../recipes/mesh-profile.ts"
import type {MeshProfileSpecArgs} from "./mesh-profile-args.ts"

export interface MeshProfileArgs {
	/** The name of the object. */
	profileName: Input<string>
	/** Labels of the object. */
	labels?: Input<{[key: string]: Input<string>}>
	/** Which namespaces are to be on which dataplane, and how they get there. */
	spec: Input<MeshProfileSpecArgs>
}

/** Declares which dataplane namespaces are to be on. Depends on a HeddleOperator, whose CRDs it needs. */
export class MeshProfile extends ComponentResource<void> {
	constructor(name: string, args: MeshProfileArgs, opts?: ComponentResourceOptions) {
		super(meshProfile.token, name, args, opts)
	}

	protected override initialize(...call: Call): Promise<void> {
		return raise(this, meshProfile, call)
	}
}
