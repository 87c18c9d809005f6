import {runtime} from "@pulumi/pulumi"
import {isKubernetesToken} from "../infra/kubernetes-object.ts"
import type {Manifest} from "../infra/manifest.ts"

/** One resource that a program declared: a component, or an object of a cluster. */
export type Declared = {
	readonly urn: string
	readonly token: string
	readonly name: string
	readonly parent: string | undefined
	/** What has to be ready before it. */
	readonly dependencies: readonly string[]
	/** Absent on components. */
	readonly object?: Manifest
}

/** What a monitor is told of a resource; of the generated protocol, whose classes have no types of their own here. */
type Registration = {
	getType(): string
	getName(): string
	getParent(): string
	getCustom(): boolean
	getDependenciesList(): string[]
}
type Registered = {getUrn(): string}
type Answer = (error: unknown, response: Registered | undefined) => void
type Monitor = {registerResource(request: Registration, answer: Answer): Promise<void>}

/** Pulumi keeps its monitor in the process: two programs at once would declare into each other. */
let turn: Promise<unknown> = Promise.resolve()

/**
 * Runs a Pulumi program against Pulumi's own mock monitor and returns what it declared, without an engine, a plugin
 * or a cluster. `program` resolves when all of its components have declared their children.
 */
export function evaluate(program: () => Promise<void>, stack = "heddle"): Promise<Declared[]> {
	const result = turn.then(() => evaluateNow(program, stack))
	turn = result.catch(() => {})
	return result
}

async function evaluateNow(program: () => Promise<void>, stack: string): Promise<Declared[]> {
	const objects = new Map<string, Manifest>()
	const declared: Declared[] = []
	const refusals: Error[] = []
	const refuse = (message: string): never => {
		const refusal = new Error(message)
		refusals.push(refusal)
		throw refusal
	}
	await runtime.setMocks(
		{
			call: ({token}) => {
				return refuse(
					`${token} asks a cloud, and there is none here: only objects of a cluster can be rendered`,
				)
			},
			newResource: ({type, name, inputs, custom}) => {
				if (isKubernetesToken(type)) objects.set(keyOf(type, name), withoutEngineNotes(inputs as Manifest))
				else if (custom === true && !type.startsWith("pulumi:"))
					return refuse(`${type} is no object of a cluster and cannot be rendered`)
				return {id: name, state: inputs as Record<string, unknown>}
			},
		},
		"heddle",
		stack,
	)
	const monitor = runtime.getMonitor() as unknown as Monitor
	const register = monitor.registerResource.bind(monitor)
	monitor.registerResource = (request, answer) =>
		register(request, (error, response) => {
			if (response !== undefined) declared.push(declaredOf(request, response, objects))
			answer(error, response)
		})
	try {
		await program()
		// Until every registration that the program has begun is through.
		await runtime.disconnect()
		return declared
	} catch (error) {
		// Pulumi passes a refusal of its monitor on without its message.
		throw refusals[0] ?? error
	}
}

const keyOf = (token: string, name: string) => `${token}\0${name}`

function declaredOf(
	request: Registration,
	response: Registered,
	objects: ReadonlyMap<string, Manifest>,
): Declared {
	const [token, name] = [request.getType(), request.getName()]
	const object = objects.get(keyOf(token, name))
	return {
		urn: response.getUrn(),
		token,
		name,
		parent: request.getParent() || undefined,
		dependencies: request.getDependenciesList(),
		...(object === undefined ? {} : {object}),
	}
}

/** Annotations by which Pulumi's provider is told how to wait; they mean nothing to anybody else. */
function withoutEngineNotes(object: Manifest): Manifest {
	const {annotations, ...metadata} = object.metadata
	const kept = Object.entries(annotations ?? {}).filter(([key]) => !key.startsWith("pulumi.com/"))
	return {
		...object,
		metadata: {...metadata, ...(kept.length === 0 ? {} : {annotations: Object.fromEntries(kept)})},
	}
}
