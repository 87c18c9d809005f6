import {onTestFinished} from "vitest"
import type {World} from "./open-world.ts"
import {type OperatorOptions, type RunningOperator, spawnOperator} from "./operator-process.ts"

export type {RunningOperator} from "./operator-process.ts"

/** `heddle operator` against the shared sandbox, as its administrator unless another kubeconfig is given. */
export async function startOperator(
	world: World,
	options: Omit<OperatorOptions, "kubeconfig"> & {readonly kubeconfig?: string},
): Promise<RunningOperator> {
	const operator = await spawnOperator({kubeconfig: world.sandbox.kubeconfig, ...options})
	onTestFinished(() => operator.kill())
	return operator
}
