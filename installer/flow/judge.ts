import type {MeshBinding} from "../../crds/generated.ts"
import type {ExitCode} from "../exit.ts"
import {exit} from "../exit.ts"

/** What a person asked for: the operator's answer counts once it has seen these generations. */
export type Wish = {
	readonly namespace: string
	readonly goal: "Desired" | "Previous"
	readonly bindingGeneration?: number
	readonly profile?: {readonly name: string; readonly generation: number}
	/** The binding as it was before anything was written: what it tells is no news. */
	readonly before?: MeshBinding
}

/** `exit` is absent while the operator is at work. */
export type Judgement = {readonly namespace: string; readonly message: string; readonly exit?: ExitCode}

/** Reasons of the Ready condition after which nothing happens by itself, and what they mean to the one who asked. */
const final: Readonly<Record<string, ExitCode>> = {
	UpToDate: exit.done,
	Blocked: exit.refused,
	NeedsAcceptance: exit.refused,
	RolledBack: exit.refused,
	ProfileTie: exit.refused,
	Holding: exit.stopped,
	MigrationFailed: exit.stopped,
	Held: exit.stopped,
	Paused: exit.stopped,
	AwaitingApproval: exit.stopped,
	Contested: exit.stopped,
}

/** How a wish stands, from the binding alone. What an older generation says is no answer. */
export function judge(wish: Wish, binding: MeshBinding | undefined): Judgement {
	const {namespace} = wish
	if (binding === undefined) return {namespace, message: "waiting for the operator to make the MeshBinding"}
	if (!answers(wish, binding)) return {namespace, message: "waiting for the operator to see the change"}
	const ready = binding.status?.conditions?.find(({type}) => type === "Ready")
	if (ready === undefined) return {namespace, message: "waiting for the operator"}
	const {message} = ready
	if (wish.goal === "Previous") return judgeReturn(wish, binding, message)
	const code = final[ready.reason]
	return code === undefined ? {namespace, message} : {namespace, message, exit: code}
}

function judgeReturn({namespace}: Wish, {status}: MeshBinding, message: string): Judgement {
	const state = status?.migration?.state
	if (state === "RolledBack") return {namespace, message, exit: exit.done}
	if (state === "Failed" || state === "Holding") return {namespace, message, exit: exit.stopped}
	return {namespace, message}
}

function answers({bindingGeneration = 0, profile}: Wish, {status, metadata}: MeshBinding): boolean {
	if ((status?.observedGeneration ?? 0) < Math.max(bindingGeneration, metadata.generation ?? 0)) return false
	if (profile === undefined || status?.profile !== profile.name) return profile === undefined
	return (status.profileGeneration ?? 0) >= profile.generation
}

/** The worst of all: what the command ends with. */
export function worst(codes: readonly ExitCode[]): ExitCode {
	return [exit.stopped, exit.refused].find((code) => codes.includes(code)) ?? exit.done
}
