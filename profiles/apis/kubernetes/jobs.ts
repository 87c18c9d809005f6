import {containersOf} from "../../pods.ts"
import type {Reason} from "../../reason.ts"
import {reason} from "../../reasons.ts"
import * as kinds from "../../snapshot/kinds.ts"
import {refOf} from "../../snapshot/object.ts"
import type {Pod} from "../../snapshot/shapes.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"

/** Containers that injectors put beside the application. */
const proxies = new Set(["istio-proxy", "linkerd-proxy", "daprd"])

/** Pods of Jobs whose own work has ended while a sidecar, as a plain container, keeps them from finishing. */
export function jobsHeldBySidecars(snapshot: Snapshot, namespace: string): readonly Reason[] {
	return snapshot
		.list(kinds.Pod, namespace)
		.filter(isHeld)
		.map((pod) =>
			reason("JobHeldBySidecar", {
				object: refOf(pod),
				message: `The work of ${refOf(pod)} has ended, its sidecar runs on: the Job does not finish by itself.`,
			}),
		)
}

function isHeld({metadata, spec, status}: Pod): boolean {
	const ofJob = (metadata.ownerReferences ?? []).some(({kind}) => kind === "Job")
	const names = containersOf(spec).map(({name}) => name)
	const own = names.filter((name) => !proxies.has(name))
	if (!ofJob || status?.phase !== "Running" || own.length === 0 || own.length === names.length) return false
	return own.every((name) =>
		(status.containerStatuses ?? []).some((one) => one.name === name && one.state?.terminated !== undefined),
	)
}
