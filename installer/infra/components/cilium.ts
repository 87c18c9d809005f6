import {ComponentResource, type ComponentResourceOptions, type Input} from "@pulumi/pulumi"
import {type Call, raise} from "../raise.ts"
import {cilium} from "../recipes/cilium.ts"

export interface CiliumArgs {
	/** The version, such as `1.20.2`. */
	version?: Input<string>
	/** The address of the API server that nodes reach without kube-proxy. */
	apiServerHost: Input<string>
	/** Its port, 6443 when left out. */
	apiServerPort?: Input<number>
	/** Whether Cilium does kube-proxy's work (default), which Gateways and Envoy configurations need. */
	kubeProxyReplacement?: Input<boolean>
	/** How pods get addresses: `kubernetes` (default), `cluster-pool`, `eni`, `azure` or `delegated-plugin`. */
	ipam?: Input<string>
	/** Between nodes: `wireguard` (default), `ipsec` or `none`. */
	encryption?: Input<string>
	/** Whether it serves Gateways and routes (default). Needs the Gateway API's CRDs before it. */
	gatewayAPI?: Input<boolean>
	/** Whether flows are observed (default), which its health gates are made of. */
	hubble?: Input<boolean>
	/** Replicas of the operator, 2 when left out. */
	replicas?: Input<number>
	/** A folder with the charts, for machines without a network; HEDDLE_CHART_DIR does the same for all. */
	chartDir?: Input<string>
}

/** Cilium as the cluster's CNI and dataplane, set so that another mesh can live beside it. Never for GKE Dataplane V2, whose Cilium is Google's. */
export class Cilium extends ComponentResource<void> {
	constructor(name: string, args: CiliumArgs, opts?: ComponentResourceOptions) {
		super(cilium.token, name, args, opts)
	}

	protected override initialize(...call: Call): Promise<void> {
		return raise(this, cilium, call)
	}
}
