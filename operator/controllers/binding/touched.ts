import {Gateway} from "../../../profiles/apis/gateway-api/kinds.ts"
import {PeerAuthentication} from "../../../profiles/apis/istio/kinds.ts"
import {
	CronJob,
	DaemonSet,
	Deployment,
	Job,
	type Kind,
	ReplicaSet,
	StatefulSet,
} from "../../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import type {Snapshot} from "../../../profiles/snapshot/snapshot.ts"
import {extensionKinds} from "../../../profiles/wasm-hosts/kinds.ts"
import {kindNamed, translatedKinds} from "../../plan/translated-kinds.ts"
import {parseRef} from "./workload.ts"

/** Kinds of namespaced objects that a migration may change, bring or take away. The operator's role lists the same. */
const touched: readonly Kind[] = [
	Deployment,
	StatefulSet,
	DaemonSet,
	ReplicaSet,
	CronJob,
	Job,
	Gateway,
	PeerAuthentication,
	...translatedKinds,
	...extensionKinds,
]

/** The kind that a reference of a step or of a pre-image speaks of. */
export function kindOfRef(ref: string): Kind {
	const {kind} = parseRef(ref)
	const found = kindNamed(touched, kind)
	if (found === undefined) throw new TypeError(`a migration never touches a ${kind}: ${ref}`)
	return found
}

export function objectAt(snapshot: Snapshot, ref: string): KubeObject | undefined {
	const {name, namespace} = parseRef(ref)
	return snapshot.get(kindOfRef(ref), name, namespace)
}
