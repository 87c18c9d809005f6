import {writeFile} from "node:fs/promises"
import {resolve} from "node:path"
import {isKubeError} from "../../../operator/kube/errors.ts"
import {AbortError} from "../../abort.ts"
import type {Flags} from "../../flags.ts"
import type {Session} from "../../session.ts"
import {lookKey} from "../model/act-module.ts"
import type {Effect} from "../model/effect.ts"
import type {Event} from "../model/event.ts"
import type {Asked, Choice} from "../model/state.ts"
import {findChoices} from "./choices.ts"
import type {Connection, Where} from "./connection.ts"
import {problemOf} from "./problem.ts"

type PerformerOptions = {
	readonly session: Session
	readonly flags: Flags
	readonly dispatch: (event: Event) => void
	readonly suspend: () => void
	readonly exit: (code: 0 | 130) => void
}

const stoppedProblem = {message: "stopped", fix: "the same command goes on from here"}

/** Does what the reducer asks for. Every failure becomes an event: nothing that fails out here ends the program. */
export class Performer {
	readonly #options: PerformerOptions
	/** Flow functions speak to a session; here its words go to the line of messages. */
	readonly #session: Session
	#connection: Connection | undefined
	/** Of the last wish to connect; an earlier one that is still under way is dropped when it arrives. */
	#attempt = 0
	#job = new AbortController()
	/** Ends what nobody waits for any longer. */
	readonly #closing = new AbortController()
	/** To what an install asks; each install has its own. */
	#answer = Promise.withResolvers<boolean>()

	constructor(options: PerformerOptions) {
		this.#options = options
		this.#session = {
			...options.session,
			say: (text) => options.dispatch({type: "told", text: text.replace(/\s+/g, " ")}),
			print: () => undefined,
		}
	}

	perform(effect: Effect): void {
		this.#do(effect).catch((error: unknown) => {
			this.#options.dispatch({type: "failed", problem: problemOf(error)})
		})
	}

	async connect(where: Where): Promise<void> {
		const attempt = ++this.#attempt
		await this.#disconnect()
		const {connect} = await import("./connection.ts")
		try {
			const made = await connect(where, this.#options.dispatch)
			if (attempt === this.#attempt) this.#connection = made
			else await made.close()
		} catch (error) {
			const {message, fix} = problemOf(error)
			const check = {id: "api", title: "API server", state: "bad", note: message} as const
			this.#options.dispatch({type: "check", check: fix === undefined ? check : {...check, fix}})
		}
	}

	/** Ends everything that is under way. */
	async close(): Promise<void> {
		this.#attempt++
		this.#job.abort()
		this.#closing.abort()
		await this.#disconnect()
	}

	async #do(effect: Effect): Promise<void> {
		const {dispatch, suspend, exit, flags} = this.#options
		switch (effect.type) {
			case "list-choices":
				return dispatch(await findChoices(flags))
			case "connect":
				return await this.connect(this.#whereIs(effect.choice))
			case "disconnect":
				this.#attempt++
				return await this.#disconnect()
			case "sandbox-up":
				return await this.#startSandbox(effect.name)
			case "install":
				return await this.#install(effect)
			case "components":
				return await this.#tellComponents()
			case "inspect":
				return await this.#inspect(effect.asked)
			case "answer":
				return this.#answer.resolve(effect.yes)
			case "stop-job":
				return this.#job.abort()
			case "explain":
				return this.#connection?.planner.explain(effect.namespace)
			case "plan":
				return await this.#connection?.planner.plan(effect.draft)
			case "save":
				await writeFile(resolve(effect.path), effect.text, {flag: "wx"})
				return dispatch({type: "saved", path: effect.path, text: effect.text})
			case "suspend":
				return suspend()
			case "exit":
				return exit(effect.code)
			default:
				return await this.#write(effect)
		}
	}

	/** What changes the cluster. */
	async #write(effect: Extract<Effect, {type: "start" | "hold" | "roll-back" | "retry"}>): Promise<void> {
		const connection = this.#connection
		if (connection === undefined) return
		const {startMigration, hold, rollBack, tryAgain} = await import("./migration.ts")
		const session = this.#session
		switch (effect.type) {
			case "start":
				await startMigration(session, connection, effect.draft)
				return this.#options.dispatch({type: "started", namespaces: effect.draft.namespaces})
			case "hold":
				return await hold(session, connection, effect.namespace, effect.hold)
			case "roll-back":
				return await rollBack(session, connection, effect.namespace)
			case "retry":
				return await tryAgain(session, connection, effect.namespace)
		}
	}

	#whereIs(choice: Choice): Where {
		const {kubeconfig} = this.#options.flags
		return choice.kind === "sandbox"
			? {kubeconfig: choice.kubeconfig, named: false}
			: {kubeconfig, context: choice.name, named: !choice.current}
	}

	async #startSandbox(name: string): Promise<void> {
		const {dispatch} = this.#options
		const {up} = await import("../../sandbox/index.ts")
		this.#job = new AbortController()
		try {
			const {kubeconfig} = await up({
				name,
				operator: true,
				signal: this.#job.signal,
				onEvent: (event) => dispatch({type: "flow", event}),
			})
			const choice = {kind: "sandbox", name, state: "running", nodes: 3, kubeconfig} as const
			dispatch({type: "job-ended", ok: true, choice})
		} catch (error) {
			const problem = this.#job.signal.aborted ? stoppedProblem : problemOf(error)
			dispatch({type: "job-ended", ok: false, problem})
		}
	}

	async #install({flow, names, adopt}: Extract<Effect, {type: "install"}>): Promise<void> {
		const {dispatch} = this.#options
		const connection = this.#connection
		if (connection === undefined) return
		this.#job = new AbortController()
		const {signal} = this.#job
		try {
			const {changeComponents} = await import("./install.ts")
			const result = await changeComponents({
				session: {...this.#session, signal},
				connection,
				flow,
				names,
				adopt,
				onEvent: (event) => dispatch({type: "flow", event}),
				agree: (question) => this.#agreed(question, signal),
			})
			dispatch({type: "job-ended", ok: result === "done" || result === "unchanged"})
		} catch (error) {
			const problem = signal.aborted ? stoppedProblem : problemOf(error)
			dispatch({type: "job-ended", ok: false, problem})
		}
	}

	async #tellComponents(): Promise<void> {
		const connection = this.#connection
		if (connection === undefined) return
		const {componentsOf} = await import("./components.ts")
		try {
			const components = await componentsOf(connection.http, this.#closing.signal)
			if (connection === this.#connection) this.#options.dispatch({type: "components", components})
		} catch (error) {
			// Forbidden, or the cluster is gone again: it stays unknown, and is asked for anew when the cluster is back.
			if (!isKubeError(error)) throw error
		}
	}

	/** Goes on while a person looks elsewhere; several may be under way. */
	async #inspect(asked: Asked): Promise<void> {
		const {dispatch} = this.#options
		const key = lookKey(asked)
		try {
			const {inspectModule} = await import("./inspect-module.ts")
			dispatch({
				type: "looked",
				key,
				look: {state: "done", seen: await inspectModule(asked, this.#closing.signal)},
			})
		} catch (error) {
			dispatch({type: "looked", key, look: {state: "failed", problem: problemOf(error)}})
		}
	}

	/** @throws AbortError when the answer is no, and when the job is stopped instead */
	async #agreed(question: string, signal: AbortSignal): Promise<void> {
		this.#answer = Promise.withResolvers<boolean>()
		const {promise, resolve} = this.#answer
		signal.addEventListener("abort", () => resolve(false), {once: true})
		this.#options.dispatch({type: "asked", question})
		if (!(await promise)) throw new AbortError("Declined", "nothing was changed")
	}

	async #disconnect(): Promise<void> {
		const connection = this.#connection
		this.#connection = undefined
		await connection?.close()
	}
}
