import {binary} from "../bin/catalogue.ts"
import {resolve} from "../bin/resolve.ts"
import {SandboxError} from "../errors.ts"
import type {OnEvent} from "../events.ts"
import {additionsOf} from "../node/additions.ts"
import {sandboxFolder} from "../paths.ts"
import {kubeOf, openSession, sizeOf} from "../session.ts"
import {readState} from "../state.ts"
import {installIstio} from "./istiod-pod.ts"
import {istioManifests} from "./manifests.ts"

export type RevisionOptions = {name?: string; revision: string; signal?: AbortSignal; onEvent?: OnEvent}

/** Installs a second istiod, of another revision, beside the default one of a sandbox of size `node`. */
export async function addRevision(options: RevisionOptions): Promise<void> {
	const {name = "default", revision, signal, onEvent = () => {}} = options
	const folder = sandboxFolder(name)
	const state = readState(folder)
	if (!state?.ready || sizeOf(state) !== "node" || state.mesh !== "istio") {
		throw new SandboxError(
			`there is no sandbox "${name}" of size node with Istio`,
			`Run \`heddle sandbox up --size node --name ${name}\` first.`,
		)
	}
	const {path: istioctl} = await resolve(binary("istioctl"), {onEvent, signal})
	const more = additionsOf(state).flatMap(({istio}) => istio?.settings ?? [])
	const objects = await istioManifests({istioctl, size: "node", revision, more, signal})
	const kube = kubeOf(openSession(folder, state, onEvent, signal))
	try {
		// CRDs, and what both revisions share, are there.
		const own = objects.filter(({metadata}) => metadata.name.includes(revision))
		await installIstio({signal, onEvent}, kube, own, revision)
	} finally {
		kube.close()
	}
}
