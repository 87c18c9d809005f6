import {readFile} from "node:fs/promises"
import {isDeepStrictEqual} from "node:util"
import {parse} from "yaml"
import {MeshBinding, MeshProfile} from "../../operator/api/kinds.ts"
import {isForbidden} from "../../operator/kube/errors.ts"
import type {Access, Client} from "../../operator/kube/types.ts"
import {kindsRead} from "../../operator/plan/reads.ts"
import {CustomResourceDefinition} from "../../profiles/conflicts/stack.ts"
import {plural} from "../../profiles/names.ts"
import {dataplanes} from "../../profiles/registry.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import {heldLease} from "../flow/operator-lease.ts"
import {liveChecks} from "./live-catalogue.ts"
import {type CheckResult, type Finding, type Outcome, resultOf} from "./types.ts"

const own = [MeshProfile, MeshBinding]

/** The names of Heddle's CRDs. */
export const ownDefinitions = own.map(({plural: name, group}) => `${name}.${group}`)

/** The checks that ask a cluster which answers. @throws KubeError when it stops doing so */
export async function runLive(client: Client, signal: AbortSignal): Promise<readonly CheckResult[]> {
	const version = await client.serverVersion()
	const [reads, writes, definitions, current, operator] = await Promise.all([
		allowed(client, readAccess()),
		allowed(client, writeAccess),
		installed(client),
		matching(client, signal),
		leading(client, signal),
	])
	return [
		resultOf(liveChecks.reachable, {seen: `Kubernetes ${version}`, findings: []}),
		resultOf(liveChecks.reads, reads),
		resultOf(liveChecks.writes, writes),
		resultOf(liveChecks.definitions, definitions),
		resultOf(liveChecks.current, current),
		resultOf(liveChecks.operator, operator),
	]
}

/** What cannot be asked, with why: there is no cluster, or it does not answer. */
export function notRunLive(why: string, unreachable?: Finding): readonly CheckResult[] {
	return Object.values(liveChecks).map((check) =>
		check.id === liveChecks.reachable.id && unreachable !== undefined
			? resultOf(check, {seen: "the API server", findings: [unreachable]})
			: resultOf(check, {notRun: why}),
	)
}

function readAccess(): readonly Access[] {
	return [...kindsRead(dataplanes), ...own].map(({group, plural: resource, only}) => ({
		verb: "list",
		group,
		resource,
		...(only ?? {}),
	}))
}

const [profiles, bindings] = own.map(({group, plural: resource}) => ({group, resource})) as [
	Omit<Access, "verb">,
	Omit<Access, "verb">,
]
const writeAccess: readonly Access[] = [
	{verb: "create", ...profiles},
	{verb: "patch", ...profiles},
	{verb: "patch", ...bindings},
]

async function allowed(client: Client, wanted: readonly Access[]): Promise<Outcome> {
	const answers = await Promise.all(wanted.map(async (access) => ({access, may: await client.may(access)})))
	return {
		seen: `${plural(wanted.length, "permission")} by SelfSubjectAccessReview`,
		findings: answers.filter(({may}) => !may).map(({access}) => ({message: `you may not ${told(access)}`})),
	}
}

function told({verb, group, resource, namespace, name}: Access): string {
	const what = group === "" ? resource : `${resource}.${group}`
	const which = name === undefined ? "" : ` ${name}`
	return `${verb} ${what}${which}${namespace === undefined ? " in all namespaces" : ` in ${namespace}`}`
}

async function installed(client: Client): Promise<Outcome> {
	const served = await Promise.all(own.map(async (kind) => ({kind, version: await client.versionOf(kind)})))
	return {
		seen: ownDefinitions.join(", "),
		findings: served
			.filter(({version}) => version === undefined)
			.map(({kind}) => ({message: `${kind.plural}.${kind.group} is not served`})),
	}
}

type Definition = KubeObject & {
	readonly spec?: {readonly versions?: readonly {readonly name: string; readonly schema?: object}[]}
}

async function matching(client: Client, signal: AbortSignal): Promise<Outcome> {
	try {
		const pairs = await Promise.all(
			own.map(async ({group, plural: name}) => {
				const [there, shipped] = await Promise.all([
					client.get<Definition>(CustomResourceDefinition, `${name}.${group}`, undefined, signal),
					shippedDefinition(`${group}_${name}.yaml`),
				])
				return {name: `${name}.${group}`, there, shipped}
			}),
		)
		const present = pairs.filter(({there}) => there !== undefined)
		if (present.length === 0) return {notRun: "Heddle's CRDs are not installed"}
		return {
			seen: present.map(({name}) => name).join(", "),
			findings: present
				.filter(({there, shipped}) => !isDeepStrictEqual(schemasOf(there), schemasOf(shipped)))
				.map(({name}) => ({
					object: `CustomResourceDefinition/${name}`,
					message: `${name} has another schema than this version ships`,
				})),
		}
	} catch (error) {
		if (isForbidden(error)) return {notRun: "CustomResourceDefinitions may not be read"}
		throw error
	}
}

const schemasOf = (definition: Definition | undefined) =>
	(definition?.spec?.versions ?? []).map(({name, schema}) => ({name, schema}))

async function shippedDefinition(file: string): Promise<Definition> {
	return parse(await readFile(new URL(`../../crds/${file}`, import.meta.url), "utf8")) as Definition
}

async function leading(client: Client, signal: AbortSignal): Promise<Outcome> {
	try {
		const holder = await heldLease(client, signal)
		return holder === undefined
			? {seen: "the Lease heddle-operator", findings: [{message: "nobody holds the Lease heddle-operator"}]}
			: {seen: `${holder} holds the Lease`, findings: []}
	} catch (error) {
		if (isForbidden(error)) return {notRun: "Leases may not be read"}
		throw error
	}
}
