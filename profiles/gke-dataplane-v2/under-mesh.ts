import {fqdnPoliciesIn} from "../apis/gke/features.ts"
import type {Move} from "../dataplane.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import {refOf} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"

/** What Dataplane V2 does not bear above it. Cloud Service Mesh is known by the names of its revisions. */
export function onDataplaneV2(snapshot: Snapshot, {namespace, to}: Move): readonly Reason[] {
	if (!to.revision.startsWith("asm-managed")) return []
	return fqdnPoliciesIn(snapshot, namespace).map((object) => {
		const message = `${refOf(object)} is not supported together with Cloud Service Mesh (${to.revision}).`
		return reason("FQDNPolicyWithCloudServiceMesh", {object: refOf(object), message})
	})
}
