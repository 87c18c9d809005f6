import {listed, plural} from "../../../profiles/names.ts"
import {identityOf} from "../../infra/manifest.ts"
import type {FlowDiagnostic} from "../events.ts"
import type {Live, ObjectApi} from "./api.ts"
import type {ApplySet} from "./apply-set.ts"
import {home, otherTool} from "./apply-set.ts"
import {inhabitantsOf, objectsAtStake} from "./members.ts"
import type {PlannedObject} from "./plan.ts"

const diagnostic = {type: "diagnostic"} as const

export function keptByAnother({name}: ApplySet, parent: Live | undefined): FlowDiagnostic[] {
	const tool = otherTool(parent)
	if (tool === undefined) return []
	return [
		{
			...diagnostic,
			severity: "block",
			code: "KeptByAnotherTool",
			message: `the ApplySet ${home}/${name} is kept by ${tool}`,
			fix: "Choose another name for the release with --release.",
		},
	]
}

/** What somebody else installed is taken over by consent only, and never from a tool that would take it back. */
export function adoption(
	{id, owner, action}: Pick<PlannedObject, "id" | "owner" | "action">,
	adopt: boolean,
): FlowDiagnostic[] {
	if (action !== "adopt" || owner === undefined) return []
	const about = {...diagnostic, object: id}
	const message = `${id} is there already, installed by ${owner.name}`
	if (owner.reconciles) {
		return [
			{
				...about,
				severity: "block",
				code: "OwnedByReconciler",
				message: `${message}, which would revert every change`,
				fix: owner.letGo,
			},
		]
	}
	if (adopt) return [{...about, severity: "info", code: "Adopted", message, fix: owner.letGo}]
	const fix = "Take it over with --adopt; see first what would change with --adopt --dry-run."
	return [{...about, severity: "block", code: "OwnedByAnother", message, fix}]
}

type Split = {
	readonly leaving: readonly Live[]
	readonly kept: readonly Live[]
	readonly diagnostics: readonly FlowDiagnostic[]
}

/**
 * With a CRD all objects of its kind go, and with a namespace all that is in it. Namespaces in which others live stay;
 * objects that nobody asked to remove keep their CRD where that is wanted, and else stop the flow.
 */
export async function split(api: ObjectApi, all: readonly Live[], keepCrds: boolean): Promise<Split> {
	const [stakes, inhabited] = [await objectsAtStake(api, all), await inhabitantsOf(api, all)]
	const kept = [
		...inhabited.map(({namespace}) => namespace),
		...(keepCrds ? stakes.map(({definition}) => definition) : []),
	]
	return {
		leaving: all.filter((one) => !kept.includes(one)),
		kept,
		diagnostics: [...inhabited.map(stayingNamespace), ...stakes.map(keepCrds ? stayingDefinition : loss)],
	}
}

function stayingNamespace({namespace, objects}: {namespace: Live; objects: readonly Live[]}): FlowDiagnostic {
	return {
		...diagnostic,
		severity: "info",
		code: "NamespaceKept",
		object: identityOf(namespace),
		message: `the namespace ${namespace.metadata.name} stays: ${listed(objects.map(identityOf))} in it is not of this release`,
	}
}

function stayingDefinition({
	definition,
	objects,
}: {
	definition: Live
	objects: readonly Live[]
}): FlowDiagnostic {
	return {
		...diagnostic,
		severity: "info",
		code: "CRDKept",
		object: identityOf(definition),
		message: `the CRD ${definition.metadata.name} stays, with ${plural(objects.length, "object")} of its kind`,
	}
}

/** What was deleted, and is there all the same. */
export function leftBehind(object: Live): FlowDiagnostic {
	return {
		...diagnostic,
		severity: "warning",
		code: "LeftBehind",
		object: identityOf(object),
		message: `${identityOf(object)} is there again: something makes it anew`,
		fix: "Find out what writes it (kubectl get -o yaml --show-managed-fields), and uninstall once more.",
	}
}

function loss({definition, objects}: {definition: Live; objects: readonly Live[]}): FlowDiagnostic {
	const {name} = definition.metadata
	const [first] = objects
	const example = first === undefined ? "" : `, ${identityOf(first)} among them`
	return {
		...diagnostic,
		severity: "block",
		code: "ObjectsWouldBeLost",
		object: identityOf(definition),
		message: `with the CRD ${name} go ${plural(objects.length, "object")} not of this release${example}`,
		fix: `Delete them first (kubectl get ${name} --all-namespaces), or keep such CRDs with their objects: --keep-crds.`,
	}
}
