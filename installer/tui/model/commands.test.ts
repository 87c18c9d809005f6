import {Command, Option} from "commander"
import {expect, test} from "vitest"
import {declareCommands} from "../../commands/declare.ts"
import {everyScreen} from "../testing/states.ts"
import {commandOf, quoted} from "./commands.ts"
import {draftOf} from "./draft.ts"

const names = Object.keys(everyScreen) as (keyof typeof everyScreen)[]

/** The program without what its commands do. */
function program(): Command {
	const made = new Command("heddle")
		.exitOverride()
		.configureOutput({writeErr: () => undefined})
		.option("--context <name>")
		.option("--kubeconfig <file>")
		.addOption(new Option("-o, --output <format>"))
	declareCommands(made, async () => undefined)
	return made
}

test.each(names)("the command on the screen %s is one that the program takes", async (name) => {
	const command = commandOf(everyScreen[name]())
	expect(command).toMatch(/^heddle /)
	const words = (command ?? "").split(" ").slice(1)
	await expect(program().exitOverride().parseAsync(words, {from: "user"})).resolves.toBeDefined()
})

test.each([
	["prod-eu", "prod-eu"],
	["~/.kube/config", "~/.kube/config"],
	["my cluster", "'my cluster'"],
	["it's", `'it'\\''s'`],
	["$(rm)", "'$(rm)'"],
])("a shell takes %s as %s", (word, shown) => {
	expect(quoted(word)).toBe(shown)
})

test("the name of a draft's profile is one that Kubernetes takes, however long the namespaces are", () => {
	const {profile} = draftOf({
		namespaces: [`${"a".repeat(62)}b`, "c", "d"],
		profiles: [],
		planes: [],
		decided: false,
	})
	expect(profile?.metadata.name).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/)
})

test("a draft outranks every profile of the cluster, since a tie would block it", () => {
	const made = draftOf({namespaces: ["cart"], profiles: [], planes: [], decided: false})
	expect(made.profile?.spec.priority).toBe(0)
	const first = made.profile === undefined ? [] : [made.profile]
	const over = draftOf({namespaces: ["cart"], profiles: first, planes: [], decided: false})
	expect(over.profile?.spec.priority).toBe(10)
})
