import {ComponentResource, type ComponentResourceOptions, type Input} from "@pulumi/pulumi"
import {type Call, raise} from "../raise.ts"
import {istioAmbient} from "../recipes/istio.ts"
import type {IstioSidecarArgs} from "./istio-sidecar.ts"

export interface IstioAmbientArgs extends IstioSidecarArgs {
	/** Whether istio-cni owns a CNI configuration (default): without it a rebooted node lets pods start outside of the mesh. */
	ownCNIConfig?: Input<boolean>
}

/** Istio for ambient: an istiod per revision, which serves sidecars as well, with istio-cni and ztunnel on every node. */
export class IstioAmbient extends ComponentResource<void> {
	constructor(name: string, args: IstioAmbientArgs = {}, opts?: ComponentResourceOptions) {
		super(istioAmbient.token, name, args, opts)
	}

	protected override initialize(...call: Call): Promise<void> {
		return raise(this, istioAmbient, call)
	}
}
