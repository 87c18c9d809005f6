import {type Sandbox, type UpOptions, up} from "../../installer/sandbox/index.ts"
import {clientOf} from "../../operator/kube/client.ts"
import {loadConfig} from "../../operator/kube/config.ts"
import {type Http, openHttp} from "../../operator/kube/http.ts"
import type {Client} from "../../operator/kube/types.ts"

/** A real API server, etcd, controllers and istiod, as their administrator sees them. */
export type World = {readonly sandbox: Sandbox; readonly http: Http; readonly client: Client}

/** Brings a sandbox up, or finds it up. Close `http` when done. */
export async function openWorld(
	options: Pick<UpOptions, "name" | "mesh" | "nodes" | "size">,
): Promise<World> {
	const sandbox = await up({
		...options,
		onEvent: ({state, title, note, elapsedMs = 0}) => {
			if (state === "started" && elapsedMs < 1) process.stderr.write(`sandbox: ${title}\n`)
			if (state === "failed") process.stderr.write(`sandbox: ${title}: ${note}\n`)
		},
	})
	const http = openHttp({config: await loadConfig({kubeconfig: sandbox.kubeconfig})})
	return {sandbox, http, client: clientOf(http)}
}

/** A plain GET, for what no kind of the product stands for. */
export function get(path: string) {
	return {method: "GET", path, doing: {verb: "get", resource: path}} as const
}
