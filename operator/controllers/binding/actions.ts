import type {Keys} from "../../../profiles/dataplane.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import type {NamespaceImage, PreImage} from "./pre-image.ts"

/** A write that a decision asks for. Each is idempotent: a second run after a crash changes nothing. */
export type Action =
	/** Makes the binding, or puts its annotations right; the namespace's pre-images travel with it. */
	| {readonly type: "ensureBinding"; readonly profile: string; readonly images: NamespaceImages}
	/** Lets the API server delete the binding. */
	| {readonly type: "releaseBinding"}
	| {readonly type: "deleteBinding"}
	/** Sets the namespace's keys and removes those that go, in one write. */
	| {readonly type: "namespaceKeys"; readonly object: KubeObject; readonly keys: Keys}
	/** Stores what an object is now, or that it does not exist, unless that is already stored. */
	| {readonly type: "preImage"; readonly migration: string; readonly ref: string}
	/** Sets keys on a pod template, in one apply. */
	| {readonly type: "template"; readonly object: KubeObject; readonly keys: Keys}
	/** Lets a StatefulSet update its pods from this ordinal up. */
	| {readonly type: "partition"; readonly object: KubeObject; readonly partition: number}
	/** Makes or updates an object that Heddle owns. */
	| {readonly type: "apply"; readonly manifest: KubeObject}
	/** Removes an object that a migration brought. */
	| {readonly type: "delete"; readonly object: KubeObject}
	| {readonly type: "forget"; readonly images: readonly PreImage[]}

/** The namespace as it was before Heddle, and before the last migration. */
export type NamespaceImages = {
	readonly original?: NamespaceImage | undefined
	readonly previous?: NamespaceImage | undefined
}

/** Something that the owner of the namespace should hear of, once. */
export type Transition = {
	readonly type: "Normal" | "Warning"
	readonly reason: string
	readonly action: string
	readonly note: string
}
