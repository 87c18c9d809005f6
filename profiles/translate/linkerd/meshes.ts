import {hasLinkerdProxy} from "../../apis/linkerd/pods.ts"
import {perSnapshot} from "../../memo.ts"
import {annotationOf, containersOf, initContainersOf, proxyOf} from "../../pods.ts"
import {Pod} from "../../snapshot/kinds.ts"
import type {Pod as PodObject} from "../../snapshot/shapes.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"

const lasts = ({metadata, status}: PodObject): boolean =>
	metadata.deletionTimestamp === undefined && status?.phase !== "Succeeded" && status?.phase !== "Failed"

const namespacesWith = (has: (pod: PodObject) => boolean) =>
	perSnapshot(
		(snapshot): ReadonlySet<string> =>
			new Set(
				snapshot
					.list(Pod)
					.filter((pod) => lasts(pod) && has(pod))
					.map(({metadata}) => metadata.namespace ?? ""),
			),
	)

/** Namespaces some of whose pods prove an identity in Linkerd. */
export const inLinkerd = namespacesWith(hasLinkerdProxy)

/** Namespaces some of whose pods prove an identity in Istio, by a sidecar or in ambient. */
export const inIstio = namespacesWith(
	(pod) =>
		proxyOf(pod, "istio-proxy") !== undefined ||
		annotationOf(pod, "ambient.istio.io/redirection") === "enabled",
)

const usual = "cluster.local"

/** As the injector gives it to proxies. Source: linkerd2:charts/partials/templates/_proxy.tpl */
export const linkerdTrustDomain = perSnapshot((snapshot: Snapshot): string => {
	const values = snapshot
		.list(Pod)
		.filter(hasLinkerdProxy)
		.flatMap(({spec}) => [...initContainersOf(spec), ...containersOf(spec)])
		.filter(({name}) => name === "linkerd-proxy")
		.flatMap(({env = []}) => env.filter(({name}) => name === "_l5d_trustdomain"))
		.flatMap(({value}) => value ?? [])
	return values[0] ?? usual
})

/**
 * Istio takes this domain in a policy for its own, whatever that is called.
 * Source: istio:pilot/pkg/security/trustdomain/bundle.go ReplaceTrustDomainAliases
 */
export const istioTrustDomain = usual
