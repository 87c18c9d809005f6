import {namespaceOfHost} from "../../../../profiles/apis/hosts.ts"
import {ServiceEntry} from "../../../../profiles/apis/istio/kinds.ts"
import {readSpec} from "../../../../profiles/apis/read.ts"
import * as kinds from "../../../../profiles/snapshot/kinds.ts"
import type {StringMap} from "../../../../profiles/snapshot/object.ts"
import type {Snapshot} from "../../../../profiles/snapshot/snapshot.ts"
import type {Party} from "../claim.ts"

const pods = (namespace: string, matchLabels: StringMap | undefined): readonly Party[] =>
	matchLabels === undefined || Object.keys(matchLabels).length === 0
		? []
		: [{namespace, labels: {matchLabels}}]

/** The pods of a Service of the namespace; nothing for one that is not there or selects none. */
export const podsOfService = (snapshot: Snapshot, namespace: string, name: string): readonly Party[] =>
	pods(namespace, snapshot.get(kinds.Service, name, namespace)?.spec?.selector)

/** The pods of the namespace behind a host: of one of its Services, or of a ServiceEntry that selects pods. */
export function podsOfHost(snapshot: Snapshot, namespace: string, host: string): readonly Party[] {
	if (namespaceOfHost(host, namespace) === namespace)
		return podsOfService(snapshot, namespace, host.split(".")[0] ?? "")
	return snapshot.list(ServiceEntry, namespace).flatMap((entry) => {
		const {hosts, labels} = readSpec(entry, (spec) => ({
			hosts: spec.at("hosts").texts(),
			labels: spec.at("workloadSelector").at("labels").stringMap(),
		})).value
		return hosts.includes(host) ? pods(namespace, labels) : []
	})
}
