import type {
	MeshBinding,
	MeshBindingStatusMigration,
	MeshBindingStatusMigrationStep,
} from "../../../crds/generated.ts"

export const step = (given: MeshBindingStatusMigrationStep): MeshBindingStatusMigrationStep => given

/** A binding whose migration from sidecars to ambient stands like this. */
export function binding(namespace: string, migration: Partial<MeshBindingStatusMigration>): MeshBinding {
	return {
		apiVersion: "heddle.dev/v1alpha1",
		kind: "MeshBinding",
		metadata: {name: "mesh", namespace, generation: 2},
		spec: {},
		status: {
			migration: {
				id: "m1",
				state: "Running",
				from: "istio-sidecar",
				to: "istio-ambient",
				startedAt: "2026-11-22T11:56:19Z",
				...migration,
			},
		},
	}
}
