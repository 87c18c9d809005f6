import {annotationOf} from "../../profiles/pods.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"

/**
 * A Pod or Job that Helm runs at some moment of a release's life and that is no part of what stays: `helm template`
 * prints it among the rest. One that the cluster has made already is there, and counts like any other.
 */
export function isRenderedHook(object: KubeObject): boolean {
	if (object.kind !== "Pod" && object.kind !== "Job") return false
	return object.metadata.uid === undefined && annotationOf(object, "helm.sh/hook") !== undefined
}
