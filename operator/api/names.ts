import {probeLabel} from "../../profiles/workloads.ts"

/** API group of our kinds, and the prefix of our labels and annotations. */
export const group = "heddle.dev"
export const apiVersion = "heddle.dev/v1alpha1"

/** A namespace has one MeshBinding; the CRD admits no other name. */
export const bindingName = "mesh"

/**
 * One field manager per concern, so that giving up one concern (an apply without its fields) leaves the others'
 * fields alone.
 */
export const fieldManagers = {
	/** Keys on namespaces and pod templates. */
	enrolment: "heddle/enrolment",
	/** The MeshBinding itself and the objects that a migration brings. */
	binding: "heddle/binding",
	/** The status of our own objects. */
	status: "heddle/status",
	/** What a person decides through the CLI: profiles, and the spec of bindings. */
	cli: "heddle/cli",
	/** What the installer installs: control planes, CRDs, the operator itself. */
	installer: "heddle/installer",
	/** Our finalizers on our own objects. */
	finalizer: "heddle/finalizer",
} as const
export type FieldManager = (typeof fieldManagers)[keyof typeof fieldManagers]

export const finalizers = {
	/** On a MeshProfile: its deletionPolicy has yet to be carried out. */
	profile: "heddle.dev/profile",
	/** On a MeshBinding: the namespace has yet to be left in a state that serves. */
	binding: "heddle.dev/binding",
} as const

export const labels = {
	/** On what Heddle makes: the MeshProfile that it was made for. */
	profile: "heddle.dev/profile",
	/** On a pre-image: the id of the migration that keeps it. */
	migration: "heddle.dev/migration",
	managedBy: "app.kubernetes.io/managed-by",
	/** On a copy of a Deployment and its pod: the extension that is tried there. */
	canary: "heddle.dev/canary",
	/** On a Job that sends one request, and on its pod: its name. */
	probe: probeLabel,
} as const

/** The value of the managed-by label. */
export const managedBy = "heddle"

export const annotations = {
	/** On a pre-image: the object that it is of, as `Kind/namespace/name`. */
	object: "heddle.dev/object",
	/** On a MeshBinding: the namespace's keys before Heddle. */
	original: "heddle.dev/original",
	/** On a MeshBinding: the namespace's keys before the last migration. */
	previous: "heddle.dev/previous",
	/** On a pod template: the migration that rolled it last; what makes new pods even where no other key changes. */
	rolledBy: "heddle.dev/rolled-by",
	/** On an extension's object: a digest of the spec that Heddle applied last. */
	specDigest: "heddle.dev/spec-digest",
	/** On a MeshProfile: SHA-256 digests of modules that were fetched and run, separated by commas. */
	provedModules: "heddle.dev/proved-modules",
} as const
