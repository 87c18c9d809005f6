import {ComponentResource, type ComponentResourceOptions, type Input} from "@pulumi/pulumi"
import {type Call, raise} from "../raise.ts"
import {linkerd} from "../recipes/linkerd.ts"

export interface LinkerdArgs {
	/** The chart's version; edge-26.8.3 is `2026.8.3`. */
	version?: Input<string>
	/** The certificates, and never the keys, of the trust anchors, in PEM. */
	trustAnchorsPEM: Input<string>
	/** The cert-manager issuer that signs the identity issuer, `linkerd-trust-anchor` when left out. */
	issuer?: Input<string>
	/** `Issuer` (default, in the namespace linkerd) or `ClusterIssuer`. */
	issuerKind?: Input<string>
	/** The cert-manager Issuer in the namespace linkerd that signs the webhooks' certificates. */
	webhookIssuer?: Input<string>
	/** Whether linkerd2-cni sets the pods up, in place of a privileged init container. */
	withCNI?: Input<boolean>
	/** Replicas of each controller, 3 when left out. */
	replicas?: Input<number>
	/** A folder with the charts, for machines without a network; HEDDLE_CHART_DIR does the same for all. */
	chartDir?: Input<string>
}

/** Linkerd's CRDs and highly available control plane. Its certificates are cert-manager's: no key passes through here. */
export class Linkerd extends ComponentResource<void> {
	constructor(name: string, args: LinkerdArgs, opts?: ComponentResourceOptions) {
		super(linkerd.token, name, args, opts)
	}

	protected override initialize(...call: Call): Promise<void> {
		return raise(this, linkerd, call)
	}
}
