import {plural} from "../../profiles/names.ts"
import type {Reason} from "../../profiles/reason.ts"
import {reason} from "../../profiles/reasons.ts"
import {isEmpty} from "./enrolment.ts"
import type {Installed} from "./facts.ts"
import type {Scene} from "./scene.ts"

/** Its only switch is the namespace: a pod has no key of its own, to come in by or to stay out. */
const isWhole = ({dataplane, installation}: Installed): boolean => {
	const {namespace, template} = dataplane.enrol(installation)
	return isEmpty(template) && !isEmpty(namespace)
}

/** Workloads cannot move one after the other where one label takes all running pods at once, in or out. */
export function wholeNamespaceRemarks(
	{workloads, facts, name}: Scene,
	target: Installed | undefined,
): readonly Reason[] {
	if (target === undefined) return []
	const pods = workloads.flatMap((one) => one.pods).filter(({is}) => is.counted)
	const left = pods.filter(({is}) => is.dataplane !== target.dataplane.name)
	if (left.length === 0) return []
	const origins = facts.installed.filter(
		(one) => isWhole(one) && left.some(({is}) => is.dataplane === one.dataplane.name),
	)
	const switched = [...new Set([...origins, ...(isWhole(target) ? [target] : [])].map(labelled))]
	return switched.map((what) =>
		reason("WholeNamespaceOnly", {
			object: `Namespace/${name}`,
			message: `${what}, for ${plural(left.length, "running pod")} at once.`,
		}),
	)
}

const labelled = ({dataplane, installation}: Installed): string => {
	const keys = Object.keys(dataplane.enrol(installation).namespace.labels).join(", ")
	return `${dataplane.name} is switched by the namespace's label ${keys}`
}
