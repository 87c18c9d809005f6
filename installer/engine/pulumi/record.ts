import {ComponentResource} from "@pulumi/pulumi"
import type {Deployment} from "@pulumi/pulumi/automation/index.js"
import {parse} from "yaml"
import {isKubernetesToken} from "../../infra/kubernetes-object.ts"
import type {Manifest} from "../../infra/manifest.ts"
import {identityOf, isDefinition} from "../../infra/manifest.ts"

/** Names an object, for looking it up. */
export type Ref = Pick<Manifest, "apiVersion" | "kind" | "metadata">

/** What a stack keeps of an installation. */
export type StackRecord = {
	/** The Installation, as YAML. */
	readonly text: string
	/** Every object that the stack holds, and those whose creation it may not have noted. */
	readonly held: readonly Ref[]
	/** Of an earlier time: what Pulumi leaves in the cluster and Heddle takes away, where nobody else needs it. */
	readonly leaving: readonly Ref[]
}

const token = "heddle:index:Installation"

/**
 * What was installed, as the first resource of a stack: it is in the state from the first moment on, whatever stops the
 * rest, and stays there until all the rest is gone.
 */
export class InstallationRecord extends ComponentResource {
	constructor(name: string, args: {readonly installation: string; readonly leaving: readonly Ref[]}) {
		super(
			token,
			name,
			{installation: args.installation, leaving: JSON.stringify(args.leaving)},
			{protect: true},
		)
	}
}

type Resource = {
	readonly urn: string
	readonly type: string
	readonly inputs?: Readonly<{[key: string]: unknown}>
	readonly protect?: boolean
}
type State = {
	readonly resources?: readonly Resource[]
	readonly pending_operations?: readonly {readonly resource: Resource}[]
}

const stateOf = ({deployment}: Deployment) => (deployment ?? {}) as State

/** What a stack records; undefined when nothing was ever installed by it. */
export function recordIn(deployment: Deployment): StackRecord | undefined {
	const {resources = [], pending_operations = []} = stateOf(deployment)
	const own = resources.find(({type}) => type === token)?.inputs
	if (own === undefined) return undefined
	const all = [...resources, ...pending_operations.map(({resource}) => resource)]
	const held = all.flatMap(({type, inputs}) =>
		isKubernetesToken(type) && inputs?.kind ? [refOf(inputs)] : [],
	)
	return {
		text: String(own.installation),
		held: [...new Map(held.map((ref) => [identityOf(ref), ref])).values()],
		leaving: (parse(String(own.leaving ?? "[]")) ?? []) as Ref[],
	}
}

function refOf(inputs: {readonly [key: string]: unknown}): Ref {
	const {apiVersion, kind, metadata} = inputs as unknown as Ref
	const {name, namespace} = metadata
	return {apiVersion, kind, metadata: {name, ...(namespace === undefined ? {} : {namespace})}}
}

/** Secrets of the cluster: what others have put there is not to be read into a state. */
export function secretsIn(deployment: Deployment): string[] {
	const {resources = []} = stateOf(deployment)
	return resources.filter(({type}) => type === "kubernetes:core/v1:Secret").map(({urn}) => urn)
}

/**
 * The state as it has to be before `leaving` can go: unprotected, and noted, so that whoever goes on after a crash
 * knows what to look for.
 */
export function prepared(deployment: Deployment, leaving: readonly Ref[]): Deployment {
	const going = new Set(leaving.map(identityOf))
	const {resources = [], ...rest} = stateOf(deployment)
	const changed = resources.map((one) => {
		const {type, inputs} = one
		if (type === token) return {...one, inputs: {...inputs, leaving: JSON.stringify(leaving)}}
		const goes = isKubernetesToken(type) && inputs?.kind !== undefined && going.has(identityOf(refOf(inputs)))
		return goes ? {...one, protect: false} : one
	})
	return {...deployment, deployment: {...rest, resources: changed}}
}

/** What Pulumi leaves where it is: with a CRD go all objects of its kind, and with a namespace all that is in it. */
export const staysBehind = (ref: Ref) => ref.kind === "Namespace" || isDefinition(ref)
