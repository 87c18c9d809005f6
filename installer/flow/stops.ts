import type {MeshBinding as Binding, MeshProfile as Profile} from "../../crds/generated.ts"
import {MeshProfile} from "../../operator/api/kinds.ts"
import {fieldManagers} from "../../operator/api/names.ts"
import {AbortError, invalidInput} from "../abort.ts"
import {exit} from "../exit.ts"
import type {Flags} from "../flags.ts"
import {printDocument} from "../report/document.ts"
import {statusDocument} from "../report/status-document.ts"
import type {Session} from "../session.ts"
import type {Cluster} from "./cluster.ts"
import {bindingOf} from "./writes.ts"

/** What is to stop or to go on: whole profiles, and single namespaces. */
type Stoppable = {readonly profiles: readonly Profile[]; readonly bindings: readonly Binding[]}

type Asked = {readonly flags: Flags; readonly namespaces: readonly string[]; readonly stop: boolean}

/**
 * Sets `spec.paused` of profiles and `spec.hold` of bindings, and nothing else of them. All are found before the first
 * is written.
 * @throws AbortError when one is not there, or none was named
 */
export async function setStops(session: Session, cluster: Cluster, asked: Asked): Promise<void> {
	const {flags, namespaces, stop} = asked
	const found = await findAll(session, cluster, {namespaces, profiles: flags.profile ?? []})
	const write = writer(session, cluster, flags.dryRun === true)
	const profiles: Profile[] = []
	for (const one of found.profiles) profiles.push(await write(one, {paused: stop}))
	const bindings: Binding[] = []
	for (const one of found.bindings) bindings.push(await write(one, {hold: stop}))
	const document = {
		...statusDocument(bindings),
		profiles: profiles.map(({metadata, spec}) => ({name: metadata.name, paused: spec.paused === true})),
		...(flags.dryRun === true ? {dryRun: true} : {}),
	}
	await printDocument(session, document, () => [...told(found, asked), ...dry(flags)].join("\n"))
}

type Names = {readonly namespaces: readonly string[]; readonly profiles: readonly string[]}

async function findAll(
	session: Session,
	{client}: Cluster,
	{namespaces, profiles}: Names,
): Promise<Stoppable> {
	if (namespaces.length + profiles.length === 0)
		throw invalidInput("nothing was named", {
			tryMessage: "Name namespaces, or a MeshProfile with --profile NAME.",
		})
	return {
		profiles: await Promise.all(
			profiles.map(
				async (name) =>
					(await client.get(MeshProfile, name, undefined, session.signal)) ??
					missing(`there is no MeshProfile ${name}`, "kubectl get meshprofiles lists them."),
			),
		),
		bindings: await Promise.all(
			namespaces.map(
				async (namespace) =>
					(await bindingOf(session, client, namespace)) ??
					missing(
						`the namespace ${namespace} has no MeshBinding`,
						"No MeshProfile selects it, or no operator has looked yet; heddle status lists those that have one.",
					),
			),
		),
	}
}

function missing(message: string, tryMessage: string): never {
	throw new AbortError("NotFound", message, {exit: exit.refused, tryMessage})
}

/** The uid keeps the write from meaning another object of the same name. */
function writer(session: Session, {client}: Cluster, dryRun: boolean) {
	return async <T extends Profile | Binding>({apiVersion, kind, metadata}: T, spec: object): Promise<T> => {
		const {name, namespace, uid} = metadata
		const named = {name, ...(namespace === undefined ? {} : {namespace}), ...(uid === undefined ? {} : {uid})}
		const options = {manager: fieldManagers.cli, dryRun, signal: session.signal}
		return (await client.mergePatch({apiVersion, kind, metadata: named, spec}, options)) as T
	}
}

const dry = ({dryRun}: Flags): readonly string[] =>
	dryRun === true ? ["This was a dry run: nothing was changed."] : []

function told({profiles, bindings}: Stoppable, {stop}: Asked): readonly string[] {
	const rolling = (binding: Binding) =>
		(binding.status?.migration?.steps ?? []).filter(
			({action, state}) => action === "Roll" && state === "Running",
		)
	return [
		...profiles.map(({metadata: {name}, spec}) =>
			stop
				? `MeshProfile ${name} ${spec.paused === true ? "was paused already" : "is paused"}: nothing new starts in its namespaces`
				: `MeshProfile ${name} ${spec.paused === true ? "goes on" : "was not paused"}`,
		),
		...bindings.flatMap((binding) => {
			const {namespace} = binding.metadata
			const held = binding.spec?.hold === true
			if (!stop) return [`${namespace} ${held ? "goes on" : "was not held"}`]
			return [
				`${namespace} ${held ? "was held already" : "is held"}: nothing new starts`,
				...rolling(binding).map(({object}) => `  ${object} is rolling and finishes`),
			]
		}),
	]
}
