import type {OnEvent, StepEvent} from "../sandbox/events.ts"
import type {Session} from "../session.ts"
import {stepLine} from "./progress-line.ts"

const spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]

/** Between plain lines about one step that still runs. */
const plainEveryMs = 10_000

/** Shows steps on standard error: on a terminal the running one is a live line, elsewhere each is a line or two. */
export function progressOn(session: Session): OnEvent {
	return session.live ? liveProgress(session) : plainProgress(session)
}

function plainProgress(session: Session): OnEvent {
	const told = new Map<string, number>()
	return (event) => {
		const now = performance.now()
		const last = told.get(event.id)
		if (event.state === "started") told.set(event.id, now)
		if (event.state === "progress" && now - (last ?? 0) < plainEveryMs) return
		if (event.state === "started") return
		told.set(event.id, now)
		session.say(stepLine(event, session.talk))
	}
}

function liveProgress(session: Session): OnEvent {
	const running = new Map<string, {event: StepEvent; began: number}>()
	let timer: NodeJS.Timeout | undefined
	let frame = 0
	const erase = () => void process.stderr.write("\r\u001b[K")
	const draw = () => {
		const last = [...running.values()].at(-1)
		if (last === undefined) return
		const elapsedMs = performance.now() - last.began
		frame = (frame + 1) % spinner.length
		erase()
		process.stderr.write(
			stepLine({...last.event, state: "progress", elapsedMs}, session.talk, spinner[frame]),
		)
	}
	return (event) => {
		const began = running.get(event.id)?.began ?? performance.now()
		running.delete(event.id)
		if (event.state === "started" || event.state === "progress") running.set(event.id, {event, began})
		else {
			erase()
			session.say(stepLine({elapsedMs: performance.now() - began, ...event}, session.talk))
		}
		if (running.size > 0) timer ??= setInterval(draw, 100).unref()
		else if (timer !== undefined) {
			clearInterval(timer)
			timer = undefined
		}
	}
}
