import {readFileSync} from "node:fs"
import {join} from "node:path"
import {kubeconfigText, writeKubeconfig} from "./credentials.ts"
import {SandboxError} from "./errors.ts"
import type {Kube} from "./kube/client.ts"
import {layout} from "./layout.ts"
import {sandboxFolder} from "./paths.ts"
import {kubeOf, serverOf} from "./session.ts"
import {readState} from "./state.ts"

function open(name: string) {
	const folder = sandboxFolder(name)
	const state = readState(folder)
	if (!state?.ready)
		throw new SandboxError(`there is no sandbox "${name}"`, `Run \`heddle sandbox up --name ${name}\` first.`)
	return {state, at: layout(folder, state.mark)}
}

/** The administrator's client of a running sandbox. Close it when done. */
export function kubeFor(name = "default"): Kube {
	return kubeOf(open(name))
}

/** A kubeconfig, as text, that reaches the sandbox with any bearer token. */
export function kubeconfigFor({
	name = "default",
	token,
	namespace,
}: {
	name?: string
	token: string
	namespace?: string
}): string {
	const {state, at} = open(name)
	const ca = readFileSync(at.ca, "utf8")
	return kubeconfigText({
		server: serverOf(state),
		ca,
		token,
		name: `heddle-${name}`,
		...(namespace && {namespace}),
	})
}

export type AccountOptions = {
	name?: string
	namespace: string
	serviceAccount: string
	path?: string
	seconds?: number
}

/** Writes a kubeconfig that holds no more rights than one existing ServiceAccount; returns its path. */
export async function serviceAccountKubeconfig(options: AccountOptions): Promise<string> {
	const {name = "default", namespace, serviceAccount, seconds = 86_400} = options
	const {state, at} = open(name)
	const kube = kubeOf({state, at})
	try {
		const body = {
			apiVersion: "authentication.k8s.io/v1",
			kind: "TokenRequest",
			spec: {expirationSeconds: seconds},
		}
		const request = `/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}/token`
		const {status} = await kube.call<{status: {token: string}}>("POST", request, {body})
		const path = options.path ?? join(at.folder, `kubeconfig-${namespace}-${serviceAccount}`)
		const ca = readFileSync(at.ca, "utf8")
		writeKubeconfig(path, {
			server: serverOf(state),
			ca,
			token: status.token,
			name: `heddle-${name}`,
			namespace,
		})
		return path
	} finally {
		kube.close()
	}
}
