import type {Draft} from "./draft.ts"
import {inventory, isInstallable} from "./inventory.ts"
import {underCursor} from "./scroll.ts"
import type {Asked, State} from "./state.ts"

/** The command that does what the screen shows, as a person would type it. */
export function commandOf(state: State): string | undefined {
	const command = commands[state.screen]?.(state)
	return command === undefined ? undefined : `heddle ${command}${clusterFlags(state)}`
}

const commands: Readonly<Partial<Record<State["screen"], (state: State) => string | undefined>>> = {
	welcome: ({choices, scrolls}) => {
		const choice = underCursor(choices ?? [], scrolls.welcome)
		if (choice?.kind === "context") return `plan --all-namespaces --context ${quoted(choice.name)}`
		return (
			choice && `sandbox ${choice.state === "running" ? "status" : "up --operator"}${nameFlag(choice.name)}`
		)
	},
	discovery: () => "check",
	namespaces: () => "plan --all-namespaces",
	detail: ({detail}) => detail && `explain ${detail.namespace}`,
	plan: ({draft}) => draft && migrateCommand(draft),
	diff: ({draft}) => draft && `${migrateCommand(draft)} --dry-run`,
	board: () => "status --watch",
	dataplanes: (state) => {
		const item = underCursor(inventory(state), state.scrolls.dataplanes)
		if (item === undefined || !isInstallable(item)) return "capabilities"
		return `${item.component?.recorded === true ? "upgrade" : "install"} ${item.name}`
	},
	modules: ({modules, scrolls}) => {
		const module = underCursor(modules, scrolls.modules)
		return module === undefined ? "wasm inspect FILE" : inspectCommand(module)
	},
	module: ({asked}) => asked && inspectCommand(asked),
	install: ({job}) => job?.command,
	summary: () => "status",
}

function inspectCommand({url, sha256, hosts = []}: Asked): string {
	const pin = sha256 === undefined ? "" : ` --sha256 ${sha256}`
	return `wasm inspect ${quoted(url)}${pin}${hosts.map((host) => ` --host ${host}`).join("")}`
}

export function migrateCommand({namespaces, profile, accept}: Draft): string {
	const risks = accept.map((code) => ` --accept ${code}`).join("")
	return profile === undefined
		? `migrate ${namespaces.join(" ")}${risks}`
		: `migrate --profile ${profileFile(profile.metadata.name)}${risks}`
}

export const profileFile = (name: string): string => `heddle-${name}.yaml`

/** Their commands ask no cluster. */
const withoutOne: ReadonlySet<State["screen"]> = new Set(["welcome", "modules", "module"])

/** What has to be said so that a command means the cluster that is on the screen. */
export function clusterFlags({cluster, screen}: State): string {
	if (cluster === undefined || withoutOne.has(screen)) return ""
	const file = cluster.kubeconfig === undefined ? "" : ` --kubeconfig ${quoted(cluster.kubeconfig)}`
	return `${file}${cluster.named ? ` --context ${quoted(cluster.context)}` : ""}`
}

const nameFlag = (name: string) => (name === "default" ? "" : ` --name ${quoted(name)}`)

/** As a shell takes it. */
export function quoted(word: string): string {
	return /^(~\/)?[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
