import {fqdnPoliciesIn} from "../apis/gke/features.ts"
import type {Move} from "../dataplane.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import {refOf} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"

/** What Dataplane V2 does not bear above it, and what Cloud Service Mesh itself lacks; it is known by its revisions. */
export function onDataplaneV2(snapshot: Snapshot, move: Move): readonly Reason[] {
	const {namespace, to} = move
	if (!to.revision.startsWith("asm-managed")) return []
	const egress = fqdnPoliciesIn(snapshot, namespace).map((object) => {
		const message = `${refOf(object)} is not supported together with Cloud Service Mesh (${to.revision}).`
		return reason("FQDNPolicyWithCloudServiceMesh", {object: refOf(object), message})
	})
	return [...egress, ...modulesNotRun(move)]
}

/** Source: https://cloud.google.com/service-mesh/docs/supported-features-managed (WasmPlugin is not supported) */
function modulesNotRun({to, uses = []}: Move): readonly Reason[] {
	return uses
		.filter(({name}) => name === "WasmExtension")
		.flatMap(({usedBy}) => usedBy)
		.map((object) => {
			const message = `${object} needs a proxy that runs Wasm; those of Cloud Service Mesh (${to.revision}) do not.`
			return reason("WasmNotOnCloudServiceMesh", {object, message})
		})
}
