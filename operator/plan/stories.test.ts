import {readdirSync, readFileSync, writeFileSync} from "node:fs"
import {describe, expect, it} from "vitest"
import {dataplanes} from "../../profiles/registry.ts"
import {snapshotOf} from "../../profiles/snapshot/snapshot.ts"
import {plan} from "./plan.ts"
import {narrate} from "./testing/narrate.ts"
import {readStory} from "./testing/story.ts"

/*
 * Golden stories: `stories/<name>.in.yaml` is a cluster, `stories/<name>.golden` is what the planner makes of it.
 * UPDATE_GOLDENS=1 writes them anew; read the difference before it is committed.
 */
const folder = new URL("stories/", import.meta.url)
const names = readdirSync(folder)
	.filter((file) => file.endsWith(".in.yaml"))
	.map((file) => file.slice(0, -".in.yaml".length))

function told(name: string): string {
	const story = readStory(readFileSync(new URL(`${name}.in.yaml`, folder), "utf8"))
	const {profiles, accept, allNamespaces} = story
	const made = plan({snapshot: snapshotOf(story.objects), profiles, dataplanes, accept, allNamespaces})
	return `${story.about}\n\n${made.namespaces.map(narrate).join("\n")}`
}

describe("a plan tells its story", () => {
	it.each(names)("%s", (name) => {
		const file = new URL(`${name}.golden`, folder)
		const story = told(name)
		if (process.env.UPDATE_GOLDENS === "1") writeFileSync(file, story)
		expect(story).toBe(readFileSync(file, "utf8"))
	})
})
