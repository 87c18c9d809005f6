import type {Dataplane} from "../../../profiles/dataplane.ts"
import * as kinds from "../../../profiles/snapshot/kinds.ts"
import type {Snapshot} from "../../../profiles/snapshot/snapshot.ts"
import {MeshBinding, MeshProfile} from "../../api/kinds.ts"
import {bindingName, labels as names} from "../../api/names.ts"
import type {Change} from "../../kube/types.ts"
import {kindsRead} from "../../plan/reads.ts"
import {matches} from "../../plan/selector.ts"
import type {Key, Watch} from "../../runtime/types.ts"
import type {FactsCache} from "./facts-cache.ts"

/** Every namespace that has a binding or that a profile selects. */
export function* concerned(snapshot: Snapshot): Iterable<Key> {
	const profiles = snapshot.list(MeshProfile)
	for (const {metadata} of snapshot.list(kinds.Namespace)) {
		const bound = snapshot.get(MeshBinding, bindingName, metadata.name) !== undefined
		if (bound || profiles.some(({spec}) => matches(spec.namespaceSelector, metadata.labels)))
			yield metadata.name
	}
}

/** Those that a profile selects now, and those that were bound to it before its selector or itself changed. */
function* ofProfile({name}: Change, snapshot: Snapshot): Iterable<Key> {
	const profile = snapshot.get(MeshProfile, name)
	for (const {metadata} of snapshot.list(kinds.Namespace)) {
		const binding = snapshot.get(MeshBinding, bindingName, metadata.name)
		const selected = profile !== undefined && matches(profile.spec.namespaceSelector, metadata.labels)
		if (selected || binding?.metadata.labels?.[names.profile] === name) yield metadata.name
	}
}

/** Of an object in a namespace: that namespace, if it is bound; of one in a control plane's: every bound one. */
function ofObject(facts: FactsCache) {
	return ({namespace}: Change, snapshot: Snapshot): Iterable<Key> => {
		if (namespace === undefined || facts.get(snapshot).reserved.has(namespace)) return bound(snapshot)
		return snapshot.get(MeshBinding, bindingName, namespace) === undefined ? [] : [namespace]
	}
}

function* bound(snapshot: Snapshot): Iterable<Key> {
	for (const {metadata} of snapshot.list(MeshBinding)) yield metadata.namespace ?? ""
}

/** Which change concerns which namespaces. Each is told to the facts first, since they may be made of it. */
export function watchesOf(dataplanes: readonly Dataplane[], facts: FactsCache): readonly Watch[] {
	const told = (keys: Watch["keys"]): Watch["keys"] => {
		return (change, snapshot) => {
			facts.touch(change)
			return keys(change, snapshot)
		}
	}
	const own = new Map<string, Watch["keys"]>([
		[kinds.Namespace.id, ({name}) => [name]],
		[MeshBinding.id, ({namespace = ""}) => [namespace]],
		[MeshProfile.id, ofProfile],
	])
	return [...kindsRead(dataplanes), MeshProfile, MeshBinding].map((kind) => ({
		kind,
		keys: told(own.get(kind.id) ?? ofObject(facts)),
	}))
}
