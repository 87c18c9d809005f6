import {authorizationsFor, readAuthorization} from "../apis/istio/authorization.ts"
import {Server} from "../apis/linkerd/kinds.ts"
import {hasIstio} from "../apis/linkerd/pods.ts"
import {readServer, refusesSome} from "../apis/linkerd/policy.ts"
import type {Move} from "../dataplane.ts"
import {annotationOf, containersOf, initContainersOf, selects} from "../pods.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import * as kinds from "../snapshot/kinds.ts"
import {type KubeObject, refOf} from "../snapshot/object.ts"
import type {Custom} from "../snapshot/shapes.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {strangersIn, type Templated, templatesIn} from "../workloads.ts"
import {portRanges, type Ranges} from "./port-ranges.ts"

const skipInbound = "config.linkerd.io/skip-inbound-ports"

/** Of Galera; an annotation replaces it. Source: linkerd2:charts/linkerd-control-plane/values.yaml, proxyInit.ignoreInboundPorts */
const byDefault = "4567,4568"

/** Policies about ports that go past the proxy, by annotation or by default: nobody is there to refuse anybody. */
export function skippedPortHazards(
	snapshot: Snapshot,
	{namespace, uses = []}: Pick<Move, "namespace" | "uses">,
): readonly Reason[] {
	const own = snapshot.get(kinds.Namespace, namespace)
	const servers = snapshot
		.list(Server, namespace)
		.filter((one) => refusesSome(readServer(one).value.accessPolicy))
	const whole = [...ofIstio(snapshot, namespace), ...askedOf(uses)]
	if (servers.length + whole.length === 0) return []
	const all = [...templatesIn(snapshot, namespace), ...strangersIn(snapshot, namespace, "linkerd-proxy")]
	return all.flatMap((workload) => {
		const asked = annotationOf(workload.template, skipInbound) ?? (own && annotationOf(own, skipInbound))
		if (asked === "") return []
		const skipped = {ranges: portRanges(asked ?? byDefault), isAsked: asked !== undefined}
		const open = whole.length > 0 && (skipped.isAsked || declares(workload, skipped.ranges))
		return [
			...unguarded(servers, workload, skipped),
			...(open ? [uncarried(whole, workload.object, asked ?? byDefault)] : []),
		]
	})
}

type Skipped = {readonly ranges: Ranges; readonly isAsked: boolean}

function uncarried(policies: readonly string[], workload: KubeObject, ports: string): Reason {
	const object = refOf(workload)
	const message = `The ports ${ports} of ${object} are led past Linkerd's proxy, where what ${policies.join(", ")} asks for would not hold.`
	return reason("LinkerdPolicyOnSkippedPort", {object, message})
}

/** Policies that Istio enforces now on every port, and that are to be carried over. */
function ofIstio(snapshot: Snapshot, namespace: string): readonly string[] {
	if (!snapshot.list(kinds.Pod, namespace).some(hasIstio)) return []
	return authorizationsFor(snapshot, namespace)
		.filter((one) => !readAuthorization(one).value.dryRun)
		.map(refOf)
}

/** Nobody annotates what Linkerd does by itself; whether the application listens there, its containers say. */
const declares = ({template}: Templated, skipped: Ranges): boolean =>
	[...containersOf(template.spec), ...initContainersOf(template.spec)].some(({ports = []}) =>
		ports.some(({containerPort}) => isAmong(skipped, containerPort)),
	)

const isAmong = (ranges: Ranges, port: number) => ranges.some(([from, to]) => from <= port && port <= to)

/** A profile asks for strict mTLS on every port. */
const askedOf = (uses: NonNullable<Move["uses"]>): readonly string[] =>
	uses
		.filter(({name}) => name === "MTLSStrict")
		.flatMap(({usedBy}) => usedBy.filter((ref) => ref.startsWith("MeshProfile/")))

function unguarded(
	servers: readonly Custom[],
	{object, template}: Templated,
	{ranges, isAsked}: Skipped,
): readonly Reason[] {
	return servers
		.filter((server) => {
			const {selector} = readServer(server).value
			return selector !== undefined && selects(selector, template.metadata?.labels ?? {})
		})
		.flatMap((server) => {
			const port = portsOf(server, template).find((one) => isAmong(ranges, one))
			return port === undefined ? [] : [past(server, `the port ${port} of ${refOf(object)}`, isAsked)]
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

function past(server: KubeObject, port: string, isAsked: boolean): Reason {
	const how = isAsked
		? `whose annotation ${skipInbound} leads it past the proxy`
		: `which Linkerd leads past the proxy unless ${skipInbound} says otherwise`
	const message = `${refOf(server)} guards ${port}, ${how}.`
	return reason("LinkerdServerOnSkippedPort", {object: refOf(server), message})
}
