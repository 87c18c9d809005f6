import type {KubeObject} from "../../snapshot/object.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {rootNamespaces} from "./control-plane.ts"
import {readDestinationRule} from "./destination-rule.ts"
import {DestinationRule} from "./kinds.ts"

/**
 * Rules by which the proxies of a namespace's pods speak TLS to a host in the application's stead: those of its own
 * namespace, and those of the root namespace, which every client sees.
 * Source: https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings
 */
export function tlsOriginatedBy(snapshot: Snapshot, namespace: string): readonly KubeObject[] {
	return [...new Set([namespace, ...rootNamespaces(snapshot)])]
		.flatMap((space) => snapshot.list(DestinationRule, space))
		.filter((one) => {
			const {tlsModes} = readDestinationRule(one).value
			return tlsModes.includes("SIMPLE") || tlsModes.includes("MUTUAL")
		})
}
