import type {MeshProfile} from "../../../crds/generated.ts"
import type {ClusterFacts} from "../../../operator/plan/facts.ts"
import type {Dataplane} from "../../../profiles/dataplane.ts"
import {hostsOf} from "../../wasm/module-hosts.ts"
import type {Module, Plane} from "../model/state.ts"

/** Every dataplane that Heddle knows: each control plane that was found, else one line that says it is not there. */
export function planesOf(
	{installed, census}: Pick<ClusterFacts, "installed" | "census">,
	dataplanes: readonly Dataplane[],
): readonly Plane[] {
	return dataplanes.flatMap(({name, family}): Plane[] => {
		const pods = census.pods.get(name) ?? 0
		const found = installed.filter(({dataplane}) => dataplane.name === name)
		// `none` needs no control plane: there is nothing of it that could be old or ill.
		if (found.length === 0 || family === "None") return [{name, family, pods}]
		return found.map(({installation}) => ({
			name,
			family,
			revision: installation.revision,
			...(installation.version === undefined ? {} : {version: installation.version}),
			healthy: installation.healthy,
			namespaces: installation.namespaces,
			pods,
			...noteOf(installation.reasons.map(({message}) => message)),
		}))
	})
}

const noteOf = ([first]: readonly string[]) => (first === undefined ? {} : {note: first})

/** The Wasm modules that profiles name. */
export function modulesOf(profiles: readonly MeshProfile[]): readonly Module[] {
	return profiles.flatMap(({metadata, spec}) =>
		(spec.extensions ?? []).map((extension) => ({
			name: extension.name,
			profile: metadata.name,
			url: extension.url,
			sha256: extension.sha256,
			phase: extension.phase ?? "Unspecified",
			failurePolicy: extension.failurePolicy ?? "Fail",
			hosts: hostsOf(spec, extension),
		})),
	)
}
