import {Deployment} from "../../../profiles/snapshot/kinds.ts"
import {type KubeObject, refOf} from "../../../profiles/snapshot/object.ts"
import type {Deployment as DeploymentShape} from "../../../profiles/snapshot/shapes.ts"
import type {Snapshot} from "../../../profiles/snapshot/snapshot.ts"
import {labels as names} from "../../api/names.ts"
import {isTwin, twinSuffix} from "../workloads/twins.ts"
import {owned} from "./owned.ts"

/**
 * A copy of a Deployment with one pod, which alone carries the label that a canary selects: Services, policies and
 * identity are those of the original, whose own pods stay as they are. Its own labels are none of the owner's, or a
 * tool that prunes by label would take it away.
 */
export function twinOf(original: DeploymentShape, extension: string): KubeObject {
	const {name, namespace} = original.metadata
	const {template, selector, progressDeadlineSeconds, minReadySeconds} = original.spec ?? {}
	const mark = {[names.canary]: extension}
	const spec = {
		replicas: 1,
		...(progressDeadlineSeconds === undefined ? {} : {progressDeadlineSeconds}),
		...(minReadySeconds === undefined ? {} : {minReadySeconds}),
		selector: {...selector, matchLabels: {...selector?.matchLabels, ...mark}},
		template: {
			...template,
			metadata: {...template?.metadata, labels: {...template?.metadata?.labels, ...mark}},
		},
	}
	return owned({
		apiVersion: "apps/v1",
		kind: "Deployment",
		metadata: {
			name: `${name}${twinSuffix}`,
			...(namespace === undefined ? {} : {namespace}),
			labels: mark,
		},
		...{spec},
	})
}

/** Why one more pod like these would not be one more of them; undefined where it would. */
export function whyNoTwin({spec}: DeploymentShape): string | undefined {
	const pod = spec?.template?.spec
	if (spec?.strategy?.type === "Recreate")
		return "its strategy Recreate says that two of its pods never run at once"
	if (spec?.paused === true) return "it is paused"
	if (pod?.volumes?.some(({persistentVolumeClaim}) => persistentVolumeClaim !== undefined))
		return "its pods share a PersistentVolumeClaim"
	if (pod?.containers?.some(({ports}) => ports?.some(({hostPort}) => hostPort !== undefined)))
		return "its pods take a port of their node"
	return undefined
}

/** The copies that a canary has left, of every extension but those whose canary is still to be made or under way. */
export const leftTwins = (
	snapshot: Snapshot,
	namespace: string,
	wanted: ReadonlySet<string>,
): readonly KubeObject[] =>
	snapshot.list(Deployment, namespace).filter((one) => isTwin(one) && !wanted.has(refOf(one)))

/** The labels that a canary's object selects. */
export const canaryLabels = (extension: string): {readonly [key: string]: string} => ({
	[names.canary]: extension,
})
