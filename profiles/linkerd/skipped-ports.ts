import {Server} from "../apis/linkerd/kinds.ts"
import {readServer, refusesSome} from "../apis/linkerd/policy.ts"
import {annotationOf, selects} from "../pods.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import * as kinds from "../snapshot/kinds.ts"
import {type KubeObject, refOf} from "../snapshot/object.ts"
import type {Custom} from "../snapshot/shapes.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {type Templated, templatesIn} from "../workloads.ts"
import {portRanges, type Ranges} from "./port-ranges.ts"

const skipInbound = "config.linkerd.io/skip-inbound-ports"

/** Servers whose port goes past the proxy by annotation: nobody is there to refuse anybody. */
export function skippedPortHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const own = snapshot.get(kinds.Namespace, namespace)
	const servers = snapshot
		.list(Server, namespace)
		.filter((one) => refusesSome(readServer(one).value.accessPolicy))
	if (servers.length === 0) return []
	return templatesIn(snapshot, namespace).flatMap((workload) => {
		const skipped = annotationOf(workload.template, skipInbound) ?? (own && annotationOf(own, skipInbound))
		return skipped === undefined ? [] : unguarded(servers, workload, portRanges(skipped))
	})
}

function unguarded(
	servers: readonly Custom[],
	{object, template}: Templated,
	skipped: Ranges,
): readonly Reason[] {
	return servers
		.filter((server) => {
			const {selector} = readServer(server).value
			return selector !== undefined && selects(selector, template.metadata?.labels ?? {})
		})
		.flatMap((server) => {
			const port = portsOf(server, template).find((one) =>
				skipped.some(([from, to]) => from <= one && one <= to),
			)
			return port === undefined ? [] : [past(server, object, port)]
		})
}

/** A Server names its port by number, or by the name that a container gives it. */
function portsOf({spec}: Custom, template: Templated["template"]): readonly number[] {
	const port = spec?.port
	if (typeof port === "number") return [port]
	const containers = [...(template.spec?.containers ?? []), ...(template.spec?.initContainers ?? [])]
	return containers.flatMap(({ports = []}) =>
		ports.filter(({name}) => name === port).map(({containerPort}) => containerPort),
	)
}

function past(server: KubeObject, workload: KubeObject, port: number): Reason {
	const message = `${refOf(server)} guards the port ${port} of ${refOf(workload)}, whose annotation ${skipInbound} leads it past the proxy.`
	return reason("LinkerdServerOnSkippedPort", {object: refOf(server), message})
}
