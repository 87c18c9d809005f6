import {setTimeout as sleep} from "node:timers/promises"
import {AbortError} from "../../abort.ts"
import {exit} from "../../exit.ts"
import {identityOf, isDefinition} from "../../infra/manifest.ts"
import type {Live, ObjectApi} from "./api.ts"
import {readinessOf} from "./ready.ts"

type Wait = {
	readonly api: ObjectApi
	readonly signal: AbortSignal
	readonly patienceMs: number
	/** Told whenever it changes. */
	readonly onNote: (note: string) => void
}

const everyMs = 250

/** Until what was applied is as far as its dependants need it. @throws AbortError when it fails, or takes too long */
export async function untilReady(object: Live, wait: Wait): Promise<Live> {
	const id = identityOf(object)
	return await poll(wait, `${id} is not ready`, async () => {
		const live = await wait.api.get(object)
		if (live === undefined) return {note: "to be there again: somebody deleted it"}
		const readiness = readinessOf(live)
		if (readiness.state === "failed") throw stopped("NotReady", `${id} does not get ready: ${readiness.note}`)
		if (readiness.state === "waiting") return {note: readiness.note}
		if (isDefinition(live) && !(await isServed(live, wait.api))) return {note: "to be served"}
		return {found: live}
	})
}

/** Until it is gone, finalizers and all. @throws AbortError naming what holds it */
export async function untilGone(object: Live, wait: Wait): Promise<void> {
	const id = identityOf(object)
	await poll(wait, `${id} is not gone`, async () => {
		const live = await wait.api.get(object)
		if (live === undefined || live.metadata.uid !== object.metadata.uid) return {found: true}
		const finalizers = live.metadata.finalizers ?? []
		return {note: finalizers.length === 0 ? "to be gone" : `for ${finalizers.join(", ")} to be taken off`}
	})
}

type Look<T> = {readonly found: T} | {readonly note: string}

async function poll<T>(
	{signal, patienceMs, onNote}: Wait,
	failure: string,
	look: () => Promise<Look<T>>,
): Promise<T> {
	const until = performance.now() + patienceMs
	let told = ""
	for (;;) {
		const seen = await look()
		if ("found" in seen) return seen.found
		if (seen.note !== told) onNote(seen.note)
		told = seen.note
		if (performance.now() > until)
			throw stopped("NotReady", `${failure} after ${Math.round(patienceMs / 1000)} s; it waits ${told}`)
		await sleep(everyMs, undefined, {signal})
	}
}

type Definition = {
	readonly spec: {
		readonly group: string
		readonly names: {readonly kind: string}
		readonly versions: readonly {readonly name: string; readonly served: boolean}[]
	}
}

/** Established is what the CRD says of itself; the kind is of use once discovery has it, a moment later. */
async function isServed(live: Live, api: ObjectApi): Promise<boolean> {
	const {group, names, versions} = (live as unknown as Definition).spec
	const version = versions.find(({served}) => served)
	if (version === undefined) return true
	api.forgetKinds()
	return (await api.place({apiVersion: `${group}/${version.name}`, kind: names.kind})) !== undefined
}

function stopped(code: string, message: string): AbortError {
	return new AbortError(code, message, {
		exit: exit.stopped,
		tryMessage:
			"Look at the object with kubectl describe, remove what keeps it, and run the same command again: it goes on where it stopped.",
	})
}
