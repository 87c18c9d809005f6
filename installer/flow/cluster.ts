import {MeshBinding, MeshProfile} from "../../operator/api/kinds.ts"
import {clientOf} from "../../operator/kube/client.ts"
import {loadConfig} from "../../operator/kube/config.ts"
import {ConfigError} from "../../operator/kube/config-error.ts"
import {isKubeError} from "../../operator/kube/errors.ts"
import {explain} from "../../operator/kube/explain.ts"
import {type Http, openHttp} from "../../operator/kube/http.ts"
import type {Client} from "../../operator/kube/types.ts"
import {AbortError} from "../abort.ts"
import {exit} from "../exit.ts"
import type {Flags} from "../flags.ts"
import type {Session} from "../session.ts"

/** The cluster that a command talks to. */
export type Cluster = {readonly client: Client; readonly context: string}

/** One that is open, for requests of kinds that nobody knows beforehand. */
export type Connection = Cluster & {readonly http: Http}

/**
 * Connects for the time of `work`. The end of the session ends every request.
 * @throws AbortError saying what failed and what to do: 2 when the configuration is at fault, 3 when the cluster is
 */
export async function withCluster<T>(
	session: Session,
	flags: Flags,
	work: (cluster: Connection) => Promise<T>,
): Promise<T> {
	try {
		const config = await loadConfig({kubeconfig: flags.kubeconfig, context: flags.context})
		// A person waits: three tries tell whether the cluster is there.
		const http = openHttp({config, attempts: 3, userAgent: "heddle-cli"})
		const close = () => void http.close()
		session.signal.addEventListener("abort", close, {once: true})
		try {
			return await work({client: clientOf(http), http, context: config.context})
		} finally {
			session.signal.removeEventListener("abort", close)
			await http.close()
		}
	} catch (error) {
		if (session.signal.aborted) throw error
		throw clusterFailure(error) ?? error
	}
}

function clusterFailure(error: unknown): AbortError | undefined {
	const told = explain(error)
	if (told === undefined) return undefined
	const code = isKubeError(error) ? error.reason : "Kubeconfig"
	return new AbortError(code, told.message, {
		exit: error instanceof ConfigError ? exit.usage : exit.refused,
		tryMessage: told.next,
		cause: error,
	})
}

/** @throws AbortError when Heddle's kinds are not served */
export async function requireCrds({client, context}: Cluster): Promise<void> {
	for (const kind of [MeshProfile, MeshBinding]) {
		if ((await client.versionOf(kind)) !== undefined) continue
		throw new AbortError(
			"CRDsMissing",
			`Heddle's CRDs are not installed in ${context}: it does not serve ${kind.plural}.heddle.dev`,
			{
				exit: exit.refused,
				tryMessage: "Install them with one of these.",
				nextSteps: ["kubectl apply --server-side -f crds/", "heddle operator --install-crds"],
			},
		)
	}
}
