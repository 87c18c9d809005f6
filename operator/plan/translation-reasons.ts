import {isUnmeshed} from "../../profiles/interop.ts"
import {namespacesWithSidecars} from "../../profiles/istio-sidecar/evidence.ts"
import {listed, plural} from "../../profiles/names.ts"
import {described} from "../../profiles/policy/compare.ts"
import type {Reason} from "../../profiles/reason.ts"
import {type ProfileReasonCode, reason} from "../../profiles/reasons.ts"
import {addressOf} from "../../profiles/snapshot/object.ts"
import type {NamespaceTranslation} from "../../profiles/translate/istio/namespace-to-ambient.ts"
import {isOwned} from "../../profiles/translate/owned.ts"
import type {Translation, TranslationVerdict} from "../../profiles/translate/types.ts"
import type {Scene} from "./scene.ts"
import {policyNamed} from "./translated-kinds.ts"
import {gitOwnerOf} from "./workloads/owners.ts"

/** What a person has to know of a translation before it is carried out. */
export function translationReasons(scene: Scene, found: NamespaceTranslation): readonly Reason[] {
	const {made} = found
	return [
		...made.reasons,
		...made.translations.flatMap(worth),
		...compared(found),
		...unproven(found),
		...keptOut(scene, found),
		...taken(scene, found),
		...ownedByGit(scene, found),
	]
}

const codes: Readonly<Record<TranslationVerdict, ProfileReasonCode | undefined>> = {
	exact: undefined,
	approximated: "PolicyApproximated",
	dropped: "PolicyFieldDropped",
	blocked: "PolicyNotTranslatable",
}

function worth({source, verdict, fields}: Translation): readonly Reason[] {
	const code = codes[verdict]
	if (code === undefined) return []
	const said = fields
		.filter((field) => field.verdict === verdict)
		.map(({path, note}) => (note === undefined ? path : `${path}: ${note}`))
	return [reason(code, {object: source, message: `${source}: ${said.join("; ")}.`})]
}

function compared({check, guarded}: NamespaceTranslation): readonly Reason[] {
	if (check === undefined) return []
	const {requests, wider, narrower} = check
	const [hole] = wider
	if (hole !== undefined) {
		const message = `At ${hole.moment} ${described(hole.request)} would be allowed by ${hole.after.by}; today it is denied by ${hole.before.by}. ${wider.length} of ${requests} requests differ so.`
		return [reason("TranslationWidens", {message})]
	}
	const [lost] = narrower
	if (lost !== undefined) {
		const message = `${described(lost.request)} would be denied by ${lost.after.by}; today it is allowed by ${lost.before.by}. ${narrower.length} of ${requests} requests differ so.`
		return [reason("TranslationNarrows", {message})]
	}
	const message = `${requests} requests, made from the namespace's own policies, are decided as before at every moment of the move${guarded ? ", or denied where they come past the waypoint" : ""}.`
	return [reason("PoliciesCompared", {message})]
}

/** The way to a waypoint is the planner's own to tell; this is the way from one. */
function unproven({made}: NamespaceTranslation): readonly Reason[] {
	const [object] = made.translations
		.filter(({fields}) => fields.some(({path}) => path === "spec.targetRefs"))
		.map(({source}) => source)
	if (object === undefined) return []
	const refused =
		made.replaced.length === 0
			? ""
			: ` Until the pods that they call have moved too, callers that have moved are refused there by ${listed(made.replaced)}.`
	const message = `${object} and what else the waypoint checks is carried over to sidecars.${refused}`
	return [reason("TranslationOrderUnproven", {object, message})]
}

function keptOut({snapshot, facts, name}: Scene, found: NamespaceTranslation): readonly Reason[] {
	if (!found.guarded) return []
	const callers = namespacesWithSidecars(snapshot)
	const unmeshed = [...facts.census.pods].filter(([dataplane]) => isUnmeshed(dataplane))
	const outside = unmeshed.reduce((sum, [, pods]) => sum + pods, 0)
	return [
		...(callers.length === 0
			? []
			: [
					reason("SidecarCallersRefusedByGuard", {
						message: `Callers with sidecars (${listed(callers)}) skip the waypoint of ${name}, and its guard refuses them at pods that have moved.`,
					}),
				]),
		...(outside === 0 || found.strict
			? []
			: [
					reason("OutsideCallersRefusedByGuard", {
						message: `${plural(outside, "pod")} of the cluster outside of every mesh would be refused by the guard.`,
					}),
				]),
		...found.headless.map((object) =>
			reason("HeadlessCallsRefusedByGuard", {
				object,
				message: `${object} leads callers straight to pods, where the guard refuses them.`,
			}),
		),
	]
}

function taken(scene: Scene, {made}: NamespaceTranslation): readonly Reason[] {
	return [...made.before, ...made.after].map(addressOf).flatMap((object) => {
		const there = policyNamed(scene, object)
		return there === undefined || isOwned(there)
			? []
			: [reason("TranslationNameTaken", {object, message: `${object} is there, and Heddle did not make it.`})]
	})
}

function ownedByGit(scene: Scene, {made}: NamespaceTranslation): readonly Reason[] {
	return [...made.replaced, ...made.retired].flatMap((object) => {
		const there = policyNamed(scene, object)
		const owner = there === undefined ? undefined : gitOwnerOf(there)
		return owner === undefined
			? []
			: [
					reason("SourceOwnedByGitOps", {
						object,
						message: `${owner}: ${object} would come back when it is replaced.`,
					}),
				]
	})
}
