import {containersOf} from "../../pods.ts"
import type {Container, Probe as PodProbe} from "../../snapshot/shapes.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {templatesIn} from "../../workloads.ts"
import {lastingLabels} from "../pod-shapes.ts"
import type {Probe} from "./from-istio.ts"

type HTTPGet = {readonly path?: unknown; readonly port?: unknown}

const probesOf = ({readinessProbe, livenessProbe, startupProbe}: Container): readonly PodProbe[] =>
	[readinessProbe, livenessProbe, startupProbe].filter((one) => one !== undefined)

/**
 * What the kubelet asks pods over HTTP. Istio's injector leads such probes past the policies, through its agent; to
 * Linkerd they are requests of nobody's, which it lets through by their path.
 * Source: linkerd2:policy-controller/k8s/index/src/inbound/workload.rs pod_http_probes
 */
export function probesIn(snapshot: Snapshot, namespace: string): readonly Probe[] {
	const all = templatesIn(snapshot, namespace).flatMap(({template}) =>
		containersOf(template.spec).flatMap((container) =>
			probesOf(container).flatMap(({httpGet}): readonly Probe[] => {
				if (httpGet === undefined) return []
				const {path = "/", port} = httpGet as HTTPGet
				const number =
					typeof port === "number"
						? port
						: container.ports?.find(({name}) => name !== undefined && name === port)?.containerPort
				const [bare = "/"] = String(path).split("?")
				return number === undefined
					? []
					: [{labels: lastingLabels(template.metadata?.labels ?? {}), port: number, path: bare}]
			}),
		),
	)
	return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()]
}

/** Workloads whose probes speak gRPC, which Linkerd takes for a call of nobody's like any other. */
export const probedByGRPC = (snapshot: Snapshot, namespace: string) =>
	templatesIn(snapshot, namespace).filter(({template}) =>
		containersOf(template.spec).some((one) => probesOf(one).some(({grpc}) => grpc !== undefined)),
	)
