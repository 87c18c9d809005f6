import {ComponentResource, type ComponentResourceOptions, type Input} from "@pulumi/pulumi"
import {type Call, raise} from "../raise.ts"
import {istioSidecar} from "../recipes/istio.ts"
import type {IstioRevisionArgs} from "./istio-revision.ts"

export interface IstioSidecarArgs {
	/** The version, such as `1.31.1`. */
	version?: Input<string>
	/** The revision, such as `1-31-1`; `default` has no name of its own, and is upgraded in place. */
	revision?: Input<string>
	/** Older control planes that stay until no pod uses them, the oldest first. It holds the tag `default`. */
	keep?: Input<Input<IstioRevisionArgs>[]>
	/** Where it runs, `istio-system` when left out. */
	namespace?: Input<string>
	/** The least replicas of each istiod, 2 when left out. */
	replicas?: Input<number>
	/** The trust domain of all identities, `cluster.local` when left out. */
	trustDomain?: Input<string>
	/** `gke`, `k3d`, `k3s`, `microk8s`, `minikube` or `openshift`, where the cluster is one. */
	platform?: Input<string>
	/** Whether it brings Istio's CRDs (default). Only one component of a cluster may. */
	withBase?: Input<boolean>
	/** A folder with the charts, for machines without a network; HEDDLE_CHART_DIR does the same for all. */
	chartDir?: Input<string>
}

/** Istio's control plane for sidecars: CRDs, and an istiod per revision with two replicas and a disruption budget. */
export class IstioSidecar extends ComponentResource<void> {
	constructor(name: string, args: IstioSidecarArgs = {}, opts?: ComponentResourceOptions) {
		super(istioSidecar.token, name, args, opts)
	}

	protected override initialize(...call: Call): Promise<void> {
		return raise(this, istioSidecar, call)
	}
}
