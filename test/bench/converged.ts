import type {MeshBinding} from "../../crds/generated.ts"
import type {World} from "../kit/open-world.ts"

/**
 * Watches the MeshBindings of one profile and resolves with the time at which the last of `count` namespaces reported
 * that it is where the profile wants it.
 */
export async function allConverged(
	world: World,
	profile: string,
	count: number,
	timeoutMs: number,
): Promise<number> {
	const path = "/apis/heddle.dev/v1alpha1/meshbindings?watch=true&resourceVersion=0"
	const end = new AbortController()
	const timer = setTimeout(
		() => end.abort(new Error(`${done.size} of ${count} namespaces converged in ${timeoutMs} ms`)),
		timeoutMs,
	)
	const done = new Set<string>()
	try {
		// The API server ends watches now and then; from version 0 on it begins with what is there.
		for (;;) {
			let rest = ""
			const request = {path, doing: {verb: "watch", resource: "meshbindings"}}
			for await (const chunk of await world.http.stream(request, end.signal)) {
				const lines = (rest + chunk.toString()).split("\n")
				rest = lines.pop() ?? ""
				for (const line of lines) note(done, JSON.parse(line).object, profile)
				if (done.size >= count) return performance.now()
			}
			end.signal.throwIfAborted()
		}
	} finally {
		clearTimeout(timer)
		end.abort()
	}
}

function note(done: Set<string>, {metadata, status}: MeshBinding, profile: string): void {
	const ready = status?.conditions?.some(({type, status}) => type === "Ready" && status === "True")
	if (ready && status?.profile === profile) done.add(metadata.namespace ?? "")
}
