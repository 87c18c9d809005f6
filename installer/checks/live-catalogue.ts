import type {LiveCheck} from "./types.ts"

/** What only a running cluster can tell. Offline each is told as not run, never as passed. */
export const liveChecks = {
	reachable: {
		id: "api-reachable",
		group: "Cluster access",
		title: "the API server answers",
		severity: "error",
		doc: "The kubeconfig's context leads to an API server that answers and takes the credentials.",
		fix: "Check the context with kubectl config get-contexts, and that the cluster runs.",
		live: true,
	},
	reads: {
		id: "access-read",
		group: "Cluster access",
		title: "you may read all that a plan is made of",
		severity: "error",
		doc: "Each kind that a plan reads is asked for by SelfSubjectAccessReview. What may not be listed may hold a policy, so nothing is planned without it.",
		fix: "Have the verb granted on the resource that is named, cluster-wide.",
		live: true,
	},
	writes: {
		id: "access-write",
		group: "Cluster access",
		title: "you may write what heddle apply and heddle migrate write",
		severity: "warning",
		doc: "Profiles are created and bindings are patched with your own credentials. Without these rights plan, explain, check and status work, and the rest does not.",
		fix: "Have the verb granted on the resource that is named.",
		live: true,
	},
	definitions: {
		id: "heddle-crds",
		group: "Heddle",
		title: "Heddle's CRDs are installed",
		severity: "warning",
		doc: "MeshProfile and MeshBinding are served. Without them the cluster can be planned for, and nothing can be applied to it.",
		fix: "heddle operator --install-crds, or kubectl apply --server-side -f crds/.",
		live: true,
	},
	current: {
		id: "heddle-crds-current",
		group: "Heddle",
		title: "Heddle's CRDs are of this version",
		severity: "error",
		doc: "The schemas in the cluster are compared with those that this version ships. With others fields are dropped or refused, and rules that this version counts on do not hold.",
		fix: "heddle operator --install-crds, or kubectl apply --server-side -f crds/.",
		live: true,
	},
	operator: {
		id: "heddle-operator",
		group: "Heddle",
		title: "an operator leads",
		severity: "warning",
		doc: "An operator holds its Lease and renews it. Without one profiles are stored and nothing happens.",
		fix: "Install the operator, or run heddle operator beside the cluster.",
		live: true,
	},
} as const satisfies Record<string, LiveCheck>
