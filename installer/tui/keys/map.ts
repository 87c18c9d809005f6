import {isTakeover} from "../model/job.ts"
import type {ScreenName, State} from "../model/state.ts"

/** `up`, `enter`, `ctrl+c`, or the character itself. */
export type KeyName = string

export type Action =
	| "up"
	| "down"
	| "page-up"
	| "page-down"
	| "first"
	| "last"
	| "open"
	| "back"
	| "help"
	| "quit"
	| "interrupt"
	| "suspend"
	| "namespaces"
	| "board"
	| "dataplanes"
	| "modules"
	| "summary"
	| "select"
	| "select-all"
	| "filter"
	| "sort"
	| "reverse"
	| "system"
	| "plan"
	| "earlier"
	| "later"
	| "start"
	| "diff"
	| "accept"
	| "target"
	| "save"
	| "leave-out"
	| "install"
	| "upgrade"
	| "uninstall"
	| "adopt"
	| "inspect"
	| "pause"
	| "roll-back"
	| "retry"
	| "reload"

export type KeyBinding = {
	readonly keys: readonly KeyName[]
	readonly action: Action
	/** In a word or two, for the foot of the screen. */
	readonly label: string
	/** A sentence, for the help. */
	readonly help: string
	readonly on: readonly ScreenName[] | "every screen"
	/** Shown at the foot of its screens; the help shows all. */
	readonly foot?: boolean | ((state: State) => boolean)
}

const lists = ["welcome", "namespaces", "plan", "board", "dataplanes", "modules"] as const
const texts = ["detail", "diff", "module", "summary", "install", "discovery"] as const
const inCluster = [
	"discovery",
	"namespaces",
	"detail",
	"plan",
	"diff",
	"board",
	"dataplanes",
	"install",
	"modules",
	"module",
	"summary",
] as const

/** Every key of the program. What a key does, the foot of each screen and the help all come from here. */
export const keyMap: readonly KeyBinding[] = [
	{
		keys: ["enter"],
		action: "open",
		label: "open",
		help: "Open what the cursor is on; go on.",
		on: ["welcome", "discovery", "namespaces", "board", "modules"],
		foot: true,
	},
	{
		keys: ["space"],
		action: "select",
		label: "select",
		help: "Select the namespace, or take it out of the selection.",
		on: ["namespaces"],
		foot: true,
	},
	{
		keys: ["p"],
		action: "plan",
		label: "plan",
		help: "Plan a move of the selected namespaces, or of the one under the cursor.",
		on: ["namespaces", "detail"],
		foot: true,
	},
	{
		keys: ["m"],
		action: "start",
		label: "move",
		help: "Start what the plan says, after one question.",
		on: ["plan"],
		foot: true,
	},
	{
		keys: ["t"],
		action: "target",
		label: "target",
		help: "Go through the dataplanes that the namespaces could move to.",
		on: ["plan"],
		foot: true,
	},
	{
		keys: ["a"],
		action: "accept",
		label: "accept risk",
		help: "Accept the risk under the cursor, or take that back.",
		on: ["plan"],
		foot: true,
	},
	{
		keys: ["d"],
		action: "diff",
		label: "YAML diff",
		help: "Show every label, annotation and object that the plan changes.",
		on: ["plan"],
		foot: true,
	},
	{
		keys: ["x"],
		action: "leave-out",
		label: "leave out",
		help: "Take the blocked namespaces out of the plan.",
		on: ["plan"],
	},
	{
		keys: ["s"],
		action: "save",
		label: "save",
		help: "Save the MeshProfile as a file, to put it in git.",
		on: ["plan", "diff", "summary"],
		foot: true,
	},
	{
		keys: ["p"],
		action: "pause",
		label: "pause",
		help: "Hold the migration under the cursor, or let it go on.",
		on: ["board"],
		foot: true,
	},
	{
		keys: ["R"],
		action: "roll-back",
		label: "roll back",
		help: "Return the namespace to where it was before its last migration.",
		on: ["board", "detail"],
		foot: true,
	},
	{
		keys: ["r"],
		action: "retry",
		label: "try again",
		help: "Ask the operator to try again what it gave up.",
		on: ["board"],
	},
	{
		keys: ["/"],
		action: "filter",
		label: "filter",
		help: "Show only the namespaces that pass a filter.",
		on: ["namespaces"],
		foot: true,
	},
	{
		keys: ["o"],
		action: "sort",
		label: "order",
		help: "Order by what needs attention, by name, by savings or by pods.",
		on: ["namespaces"],
		foot: true,
	},
	{
		keys: ["O"],
		action: "reverse",
		label: "turn round",
		help: "Turn the order round.",
		on: ["namespaces"],
	},
	{
		keys: ["*"],
		action: "select-all",
		label: "select all",
		help: "Select all that is shown, or none.",
		on: ["namespaces"],
	},
	{
		keys: ["S"],
		action: "system",
		label: "system",
		help: "Show or hide the namespaces of Kubernetes and of control planes.",
		on: ["namespaces"],
	},
	{
		keys: ["["],
		action: "earlier",
		label: "previous",
		help: "The namespace before this one.",
		on: ["detail"],
	},
	{keys: ["]"], action: "later", label: "next", help: "The namespace after this one.", on: ["detail"]},
	{
		keys: ["i"],
		action: "install",
		label: "install",
		help: "Install what is under the cursor, go on with it or put it right; while looking around, Heddle's operator. What would change is shown first.",
		on: ["discovery", "dataplanes"],
		foot: true,
	},
	{
		keys: ["u"],
		action: "upgrade",
		label: "upgrade",
		help: "Bring what is under the cursor to a newer version. An old revision stays until no pod uses it.",
		on: ["dataplanes"],
		foot: true,
	},
	{
		keys: ["X"],
		action: "uninstall",
		label: "uninstall",
		help: "Remove what Heddle installed. Refused while pods depend on it; agreed to by typing the cluster's name.",
		on: ["dataplanes"],
		foot: true,
	},
	{
		keys: ["i"],
		action: "inspect",
		label: "inspect",
		help: "Look at a module by its address: what it is, and which hosts run it.",
		on: ["modules"],
		foot: true,
	},
	{
		keys: ["a"],
		action: "adopt",
		label: "take over",
		help: "Take over what somebody else installed. What would change is shown first.",
		on: ["install"],
		foot: isTakeover,
	},
	{
		keys: ["r"],
		action: "reload",
		label: "look again",
		help: "Read the kubeconfig and look for sandboxes again.",
		on: ["welcome"],
		foot: true,
	},
	{keys: ["up", "k"], action: "up", label: "up", help: "Up.", on: [...lists, ...texts]},
	{keys: ["down", "j"], action: "down", label: "down", help: "Down.", on: [...lists, ...texts]},
	{
		keys: ["pageup", "ctrl+b"],
		action: "page-up",
		label: "page up",
		help: "A page up.",
		on: [...lists, ...texts],
	},
	{
		keys: ["pagedown", "ctrl+f"],
		action: "page-down",
		label: "page down",
		help: "A page down.",
		on: [...lists, ...texts],
	},
	{keys: ["home", "g"], action: "first", label: "top", help: "To the top.", on: [...lists, ...texts]},
	{keys: ["end", "G"], action: "last", label: "end", help: "To the end.", on: [...lists, ...texts]},
	{keys: ["1"], action: "namespaces", label: "namespaces", help: "Namespaces.", on: inCluster},
	{keys: ["2"], action: "dataplanes", label: "dataplanes", help: "Dataplanes.", on: inCluster},
	{keys: ["3"], action: "board", label: "migrations", help: "Migrations.", on: inCluster},
	{keys: ["4"], action: "modules", label: "modules", help: "Wasm modules.", on: inCluster},
	{
		keys: ["5"],
		action: "summary",
		label: "summary",
		help: "What was done here, as commands and files.",
		on: inCluster,
	},
	{
		keys: ["escape"],
		action: "back",
		label: "back",
		help: "Back to where you came from.",
		on: "every screen",
		foot: true,
	},
	{keys: ["?"], action: "help", label: "help", help: "Show or hide this help.", on: "every screen"},
	{keys: ["q"], action: "quit", label: "quit", help: "Leave. Migrations go on.", on: "every screen"},
	{
		keys: ["ctrl+c"],
		action: "interrupt",
		label: "stop",
		help: "Stop what runs here after its current step; leave when nothing runs.",
		on: "every screen",
	},
	{
		keys: ["ctrl+z"],
		action: "suspend",
		label: "suspend",
		help: "Back to the shell; fg returns.",
		on: "every screen",
	},
]

export function bindingsOn(screen: ScreenName): readonly KeyBinding[] {
	return keyMap.filter(({on}) => on === "every screen" || on.includes(screen))
}

/** What a key does on a screen. */
export function actionOf(screen: ScreenName, key: KeyName): Action | undefined {
	return bindingsOn(screen).find(({keys}) => keys.includes(key))?.action
}

const shown: Readonly<Record<string, string>> = {
	enter: "Enter",
	space: "Space",
	escape: "Esc",
	up: "↑",
	down: "↓",
	pageup: "PgUp",
	pagedown: "PgDn",
	home: "Home",
	end: "End",
	"ctrl+b": "^B",
	"ctrl+f": "^F",
	"ctrl+c": "^C",
	"ctrl+z": "^Z",
}

/** A key as people call it. */
export const keyLabel = (key: KeyName): string => shown[key] ?? key
