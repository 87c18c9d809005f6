import {render} from "ink"
import {createElement} from "react"
import type {ExitCode} from "../exit.ts"
import {exit} from "../exit.ts"
import type {Flags} from "../flags.ts"
import type {Session} from "../session.ts"
import {App} from "./app.ts"
import {Performer} from "./effects/perform.ts"
import {farewell} from "./farewell.ts"
import {initialState} from "./model/initial.ts"
import {makeStore} from "./store.ts"
import {endOnSignals, suspender} from "./terminal.ts"

const clockMs = 1_000
/** Fast enough for a held key; nothing is drawn that has not changed. */
const maxFps = 120

/**
 * Runs the terminal UI until a person leaves or the session ends. The terminal is as it was before on every way out:
 * Ink restores it when it unmounts, and everything that ends us unmounts first.
 */
export async function startTui(session: Session, flags: Flags): Promise<ExitCode> {
	const named = flags.context !== undefined || flags.kubeconfig !== undefined
	const suspend = suspender()
	const leave = Promise.withResolvers<0 | 130>()
	const performer: Performer = new Performer({
		session,
		flags,
		dispatch: (event) => store.dispatch(event),
		suspend: () => suspend.now(),
		exit: (code) => leave.resolve(code),
	})
	const store = makeStore(initialState(Date.now(), named ? "discovery" : "welcome"), (effect) =>
		performer.perform(effect),
	)
	// Ink does this after its first frame: until then a key would be echoed, and Ctrl-C would hit the shell's script too.
	process.stdin.setRawMode(true)
	const spoken = process.env.INK_SCREEN_READER === "true"
	const app = render(createElement(App, {store, style: session.page.style, suspend}), {
		alternateScreen: !spoken,
		// In raw mode Ctrl-C is a key like any other; the reducer decides what it does.
		exitOnCtrlC: false,
		incrementalRendering: true,
		interactive: true,
		isScreenReaderEnabled: spoken,
		maxFps,
		// What a library prints would tear the screen; a person could not read it either.
		patchConsole: true,
	})
	const clock = setInterval(() => store.dispatch({type: "tick", now: Date.now()}), clockMs)
	const stopListening = endOnSignals({
		session,
		interrupt: () => store.dispatch({type: "interrupt"}),
		fail: leave.reject,
		gone: () => leave.resolve(exit.interrupted),
	})
	app.waitUntilExit().catch(leave.reject)
	if (named)
		void performer.connect({
			kubeconfig: flags.kubeconfig,
			context: flags.context,
			named: flags.context !== undefined,
		})
	else performer.perform({type: "list-choices"})
	try {
		return await leave.promise
	} finally {
		clearInterval(clock)
		stopListening()
		app.unmount()
		process.stdin.setRawMode(false)
		await performer.close().catch(() => undefined)
		const words = farewell(store.state(), session.talk)
		if (words !== "") session.say(words)
	}
}
