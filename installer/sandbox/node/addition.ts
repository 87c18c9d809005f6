import type {BinaryName} from "../bin/catalogue.ts"
import type {Kube, KubeObject} from "../kube/client.ts"
import type {Session} from "../session.ts"
import type {State} from "../state.ts"
import type {Image} from "./image/archive.ts"
import type {Parts} from "./prepare.ts"

export type AdditionName = "ambient"

/**
 * One more dataplane of a node, for which it takes a program that no registry has: a node has it when the program is
 * found, and comes up without it otherwise. What a node was made with stands in its state and stays.
 */
export type Addition = {
	readonly name: AdditionName
	/** In words, for who reads what a node comes up without. */
	readonly title: string
	/** Has this sandbox a use for it? */
	isFor(state: State): boolean
	/** What is not to be found here, and what a person can do about it; undefined when all is there. */
	missing(env: NodeJS.ProcessEnv): Promise<string | undefined>
	/** What is built for it, beside the program that has to be found. */
	readonly programs: readonly BinaryName[]
	/** Settings of Istio's own installer that it takes. */
	readonly istio?: {readonly settings: readonly string[]; readonly objects: readonly KubeObject[]}
	images(session: Session, parts: Parts): Promise<readonly Image[]>
	/** Once the node is up and Istio, where it is asked for, is installed. */
	install(session: Session, kube: Kube): Promise<void>
}
