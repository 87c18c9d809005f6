import {runOperator} from "../../operator/main.ts"
import {AbortError, messageOf} from "../abort.ts"
import type {ExitCode} from "../exit.ts"
import {exit} from "../exit.ts"
import type {Flags} from "../flags.ts"
import type {Session} from "../session.ts"

/** Runs the operator until it is told to end. */
export async function operator(session: Session, flags: Flags): Promise<ExitCode> {
	const {kubeconfig, context, namespace, healthAddress, maxConcurrent, podChangesPerSecond} = flags
	try {
		const code = await runOperator({
			...(kubeconfig === undefined ? {} : {kubeconfig}),
			...(context === undefined ? {} : {context}),
			...(namespace === undefined ? {} : {namespace}),
			...(healthAddress === undefined ? {} : {healthAddress}),
			...(maxConcurrent === undefined ? {} : {maxConcurrent}),
			...(podChangesPerSecond === undefined ? {} : {podChangesPerSecond}),
			leaderElect: flags.leaderElect !== false,
			installCrds: flags.installCrds === true,
			signal: session.signal,
		})
		return Object.values(exit).find((one) => one === code) ?? exit.bug
	} catch (error) {
		throw portTaken(error) ?? error
	}
}

function portTaken(error: unknown): AbortError | undefined {
	const code = error instanceof Error && "code" in error ? error.code : undefined
	if (code !== "EADDRINUSE" && code !== "EACCES") return undefined
	return new AbortError("AddressNotFree", `health and metrics cannot be served: ${messageOf(error)}`, {
		exit: exit.refused,
		tryMessage:
			'Choose another address with --health-address, such as 127.0.0.1:0, or none with --health-address "".',
		cause: error,
	})
}
