import type {MeshProfile, MeshProfileSpec} from "../../../crds/generated.ts"

/** A profile named payments that selects what carries `team: payments`. */
export function meshProfile(
	dataplane: MeshProfileSpec["dataplane"],
	spec: Partial<MeshProfileSpec> = {},
	name = "payments",
): MeshProfile {
	return {
		apiVersion: "heddle.dev/v1alpha1",
		kind: "MeshProfile",
		metadata: {name},
		spec: {namespaceSelector: {matchLabels: {team: "payments"}}, dataplane, ...spec},
	}
}
