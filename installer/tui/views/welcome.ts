import type {Choice} from "../model/state.ts"
import {type Canvas, spin, type View, windowOf} from "./body.ts"
import {cut, filled, paint, wrapped} from "./paint.ts"

/** Threads of a loom, taken over and under. */
const logo = ["┃ │ ┃ │ ┃", "╂━┿━╂━┿━╂", "┃ │ ┃ │ ┃"]
const words = ["heddle", "decides, namespace by namespace,", "which dataplane carries the traffic"]
const roomForLogo = 13

export const welcomeView: View = (state, canvas) => {
	const {choices, problem} = state
	const head = canvas.room >= roomForLogo ? [...logoLines(canvas), ""] : []
	const said = problem === undefined ? [] : [...problemLines(problem, canvas), ""]
	const above = [...head, ...said, paint([{text: "   Which cluster?", tone: "strong"}], canvas), ""]
	const room = Math.max(1, canvas.room - above.length)
	if (choices === undefined)
		return {
			lines: filled(
				[...above, paint([{text: `   ${spin(canvas.frame)} reading the kubeconfig`, tone: "dim"}], canvas)],
				canvas.room,
			),
			extent: {length: 0, room},
		}
	const {shown, top, cursor} = windowOf(choices, state.scrolls.welcome, room)
	const nameWidth = Math.min(36, Math.max(...choices.map((one) => nameOf(one).length)))
	return {
		lines: filled(
			[...above, ...shown.map((one, index) => line(one, top + index === cursor, nameWidth, canvas))],
			canvas.room,
		),
		extent: {length: choices.length, room},
		status: `${cursor + 1} of ${choices.length}`,
	}
}

function logoLines(canvas: Canvas): readonly string[] {
	return [
		"",
		...logo.map((threads, index) =>
			paint(
				[
					"   ",
					{text: threads, tone: "accent"},
					"   ",
					{text: words[index] ?? "", tone: index === 0 ? "strong" : "dim"},
				],
				canvas,
			),
		),
	]
}

const problemLines = ({message, fix}: {message: string; fix?: string}, canvas: Canvas) => [
	...wrapped({text: `‼ ${message}`, tone: "warn"}, canvas, {indent: 3, most: 3}),
	...(fix === undefined ? [] : wrapped({text: `fix: ${fix}`, tone: "dim"}, canvas, {indent: 5, most: 2})),
]

const nameOf = (choice: Choice) =>
	choice.kind === "sandbox" ? (choice.name === "default" ? "sandbox" : `sandbox ${choice.name}`) : choice.name

function line(choice: Choice, here: boolean, width: number, canvas: Canvas): string {
	const name = cut(nameOf(choice), width).padEnd(width)
	return paint(
		[
			here ? {text: " ▸ ", tone: "accent"} : "   ",
			here ? {text: name, tone: "strong"} : name,
			{text: `   ${about(choice)}`, tone: "dim"},
		],
		canvas,
	)
}

const sandboxWords = {
	absent: "start a throw-away Kubernetes on this machine, with Istio and Heddle's operator",
	stopped: "stopped; Enter starts it again, with what it held",
	degraded: "runs in part; Enter repairs it",
	unfinished: "was not finished; Enter goes on",
} as const

function about(choice: Choice): string {
	if (choice.kind === "context") return `${choice.server}${choice.current ? "   current" : ""}`
	return choice.state === "running"
		? `runs on this machine, ${choice.nodes} simulated nodes`
		: sandboxWords[choice.state]
}
