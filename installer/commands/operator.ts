import {runOperator} from "../../operator/main.ts"
import type {ExitCode} from "../exit.ts"
import {exit} from "../exit.ts"
import type {Flags} from "../flags.ts"
import type {Session} from "../session.ts"

/** Runs the operator until it is told to end; its log goes to standard error. */
export async function operator(session: Session, flags: Flags): Promise<ExitCode> {
	const {kubeconfig, context, namespace, metricsAddress, healthAddress, maxConcurrent} = flags
	const code = await runOperator({
		...(kubeconfig === undefined ? {} : {kubeconfig}),
		...(context === undefined ? {} : {context}),
		...(namespace === undefined ? {} : {namespace}),
		...(metricsAddress === undefined ? {} : {metricsAddress}),
		...(healthAddress === undefined ? {} : {healthAddress}),
		...(maxConcurrent === undefined ? {} : {maxConcurrent}),
		leaderElect: flags.leaderElect !== false,
		installCrds: flags.installCrds === true,
		signal: session.signal,
	})
	return Object.values(exit).find((one) => one === code) ?? exit.bug
}
