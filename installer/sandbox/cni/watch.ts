import {request} from "node:https"
import {createInterface} from "node:readline"
import {setTimeout as sleep} from "node:timers/promises"
import {createKube} from "../kube/client.ts"

export type Item = {
	metadata: {
		name: string
		namespace?: string
		resourceVersion: string
		labels?: Record<string, string>
		annotations?: Record<string, string>
	}
	spec?: {hostNetwork?: boolean}
	status?: {phase?: string; podIP?: string}
}

type Access = {server: string; ca: string; token: string}
type Page = {items: Item[]; metadata: {resourceVersion: string; continue?: string}}
type Event = {type: string; object: Item}
export type Handlers = {replace(items: Item[]): void; changed(item: Item): void; gone(item: Item): void}

/** Lists, then watches, for ever. Whatever breaks, the next list brings it right. */
export async function follow(access: Access, path: string, handlers: Handlers): Promise<never> {
	const kube = createKube(access)
	for (;;) {
		try {
			let version: string | undefined = await list(kube, path, handlers)
			// A watch that ends in peace goes on from where it was.
			while (version !== undefined) version = await watch(access, path, version, handlers)
		} catch (error) {
			console.error(`${path}: ${error instanceof Error ? error.message : error}`)
			await sleep(500)
		}
	}
}

async function list(kube: ReturnType<typeof createKube>, path: string, handlers: Handlers): Promise<string> {
	const items: Item[] = []
	let next: string | undefined
	for (;;) {
		const page: Page = await kube.call(
			"GET",
			`${path}?limit=500${next ? `&continue=${encodeURIComponent(next)}` : ""}`,
		)
		items.push(...page.items)
		next = page.metadata.continue
		if (next) continue
		handlers.replace(items)
		return page.metadata.resourceVersion
	}
}

/** Resolves to the version reached when the server ends the watch; to undefined when a new list is needed. */
function watch(
	{server, ca, token}: Access,
	path: string,
	from: string,
	handlers: Handlers,
): Promise<string | undefined> {
	const url = `${server}${path}?watch=1&allowWatchBookmarks=true&timeoutSeconds=300&resourceVersion=${from}`
	return new Promise((resolve, reject) => {
		let version: string | undefined = from
		const sent = request(url, {ca, headers: {authorization: `Bearer ${token}`}}, (answer) => {
			if (answer.statusCode !== 200) {
				answer.resume()
				resolve(undefined)
				return
			}
			const lines = createInterface({input: answer})
			lines.on("line", (line) => {
				const event: Event = JSON.parse(line)
				version = event.type === "ERROR" ? undefined : event.object.metadata.resourceVersion
				if (event.type === "ADDED" || event.type === "MODIFIED") handlers.changed(event.object)
				if (event.type === "DELETED") handlers.gone(event.object)
			})
			lines.once("close", () => resolve(version))
			answer.once("error", reject)
		})
		sent.once("error", reject)
		sent.end()
	})
}
