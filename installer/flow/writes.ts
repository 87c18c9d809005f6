import type {MeshBinding as Binding, MeshProfile} from "../../crds/generated.ts"
import {MeshBinding} from "../../operator/api/kinds.ts"
import {apiVersion, bindingName, fieldManagers} from "../../operator/api/names.ts"
import type {Client} from "../../operator/kube/types.ts"
import type {Session} from "../session.ts"

const manager = fieldManagers.cli

type Written = {readonly name: string; readonly generation: number}
type Options = {readonly dryRun: boolean}

/** Server-Side Apply of a profile as it was given, without what only an API server writes. */
export async function writeProfile(
	session: Session,
	client: Client,
	profile: MeshProfile,
	{dryRun}: Options,
): Promise<Written> {
	const {name, labels, annotations} = profile.metadata
	const object = {
		apiVersion: profile.apiVersion,
		kind: profile.kind,
		metadata: {
			name,
			...(labels === undefined ? {} : {labels}),
			...(annotations === undefined ? {} : {annotations}),
		},
		spec: profile.spec,
	}
	// The file is what the person wants now, whoever wrote the field before.
	const written = await client.apply(object, {manager, force: true, dryRun, signal: session.signal})
	return {name, generation: written.metadata.generation ?? 0}
}

export type Decision = {
	readonly target: "Desired" | "Previous"
	readonly accept?: readonly string[]
	/** The generation of the profile whose plan is approved. */
	readonly approved?: number
	readonly hold?: true
}

/**
 * Writes a person's decision into a binding; what was accepted before stays accepted. With the uid the apply cannot
 * create a binding, which is the operator's to make.
 * @returns the generation that the operator has to see
 */
export async function decide(
	session: Session,
	client: Client,
	binding: Binding,
	{target, accept = [], approved = binding.spec?.approved, hold}: Decision,
): Promise<number> {
	const {uid, namespace} = binding.metadata
	const all = [...new Set([...(binding.spec?.accept ?? []), ...accept])].sort()
	const object = {
		apiVersion,
		kind: "MeshBinding",
		metadata: {
			name: bindingName,
			...(namespace === undefined ? {} : {namespace}),
			...(uid === undefined ? {} : {uid}),
		},
		spec: {
			target,
			...(all.length === 0 ? {} : {accept: all}),
			...(approved === undefined ? {} : {approved}),
			...(hold === undefined ? {} : {hold}),
		},
	}
	const written = await client.apply(object, {manager, force: true, signal: session.signal})
	return written.metadata.generation ?? 0
}

/**
 * Asks once more for what was tried and given up: a hold that is put on and taken off again is a new decision, and
 * nothing else.
 */
export async function decideAnew(session: Session, client: Client, binding: Binding): Promise<number> {
	await decide(session, client, binding, {target: "Desired", hold: true})
	return await decide(session, client, binding, {target: "Desired"})
}

export function bindingOf(session: Session, client: Client, namespace: string): Promise<Binding | undefined> {
	return client.get(MeshBinding, bindingName, namespace, session.signal)
}
