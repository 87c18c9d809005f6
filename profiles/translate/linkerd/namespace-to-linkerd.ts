import {authorizationsFor} from "../../apis/istio/authorization.ts"
import {rootNamespaces} from "../../apis/istio/control-plane.ts"
import {PeerAuthentication} from "../../apis/istio/kinds.ts"
import {MeshTLSAuthentication, Server} from "../../apis/linkerd/kinds.ts"
import {unreadable} from "../../apis/read.ts"
import {listed} from "../../names.ts"
import {selects} from "../../pods.ts"
import {requestsFrom} from "../../policy/istio/derive.ts"
import {policiesIn, readPolicy} from "../../policy/istio/read.ts"
import {type AccessPolicy, readMeshTLS, readServer} from "../../policy/linkerd/read.ts"
import type {Reason} from "../../reason.ts"
import {reason} from "../../reasons.ts"
import {type KubeObject, refOf, type StringMap} from "../../snapshot/object.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {plainPortsIn} from "../cilium/plain-ports.ts"
import {calleesIn} from "../istio/callees.ts"
import type {NamespaceTranslation} from "../istio/namespace-to-ambient.ts"
import {trustDomainOf} from "../istio/trust-domain.ts"
import {check} from "../moments.ts"
import {isOwned, written} from "../owned.ts"
import {lastingLabels, sameLabels, surroundingsIn} from "../pod-shapes.ts"
import {nothingTranslated, worstOf} from "../types.ts"
import {closed, isNamed, type ToLinkerd, toLinkerd} from "./from-istio.ts"
import {linkerdFaults, linkerdPolicies} from "./linkerd-policies.ts"
import {inIstio, inLinkerd, linkerdTrustDomain} from "./meshes.ts"
import {toLinkerdMoments} from "./moments.ts"
import {probedByGRPC, probesIn} from "./probes.ts"

export type LinkerdTranslation = NamespaceTranslation & {
	/** The inbound policy that pods with these labels have to be made with. */
	readonly inbound: (labels: StringMap) => AccessPolicy | undefined
	/** A policy holds for every pod of the namespace, those to come among them. */
	readonly forAll: boolean
}

const nothing = {guarded: false, strict: false, headless: [], inbound: () => undefined, forAll: false}

/** Istio's policies of a namespace whose sidecars go, for Linkerd's proxies. */
export function sidecarToLinkerd(snapshot: Snapshot, namespace: string): LinkerdTranslation {
	const policies = written(authorizationsFor(snapshot, namespace)).filter(
		(one) => !readPolicy(one).value.dryRun,
	)
	if (policies.length === 0) return {made: nothingTranslated, ...nothing}
	const linkerd = written(linkerdPolicies(snapshot, namespace))
	const faulty = [
		...policies.flatMap((one) => {
			const {faults} = readPolicy(one)
			return faults.length === 0 ? [] : [unreadable(one, faults)]
		}),
		...linkerdFaults(linkerd),
	]
	if (faulty.length > 0) return {made: {...nothingTranslated, reasons: faulty}, ...nothing}
	const around = surroundingsIn(snapshot, namespace)
	const trustDomain = trustDomainOf(policies)
	const input: ToLinkerd = {
		...around,
		namespace,
		policies,
		trustDomain,
		anyone: anyoneIn(snapshot, namespace),
		plainPorts: plainPortsIn(around),
		probes: probesIn(snapshot, namespace),
	}
	const made = toLinkerd(input)
	const shut = closed(input)
	const reasons = [
		...servedTwice(linkerd, shut),
		...probeReasons(snapshot, input),
		...identityReasons(snapshot, input),
	]
	if (worstOf(made.translations.flatMap(({fields}) => fields)) === "blocked" || shut.length === 0)
		return {made: {...made, reasons: []}, ...nothing}
	const roots = rootNamespaces(snapshot)
	const peers = [namespace, ...roots].flatMap((space) => snapshot.list(PeerAuthentication, space))
	const isShut = (labels: StringMap) => shut.some((pod) => sameLabels(pod.labels, labels))
	const callees = calleesIn(namespace, around)
	const moments = toLinkerdMoments({
		namespace,
		objects: [...policies, ...peers, ...linkerd],
		made,
		roots,
		around: {
			// What others are made with is not known here; it refuses nobody whom Istio refused.
			fallback: (labels) => (isShut(labels) ? "deny" : "all-unauthenticated"),
			trustDomain: linkerdTrustDomain(snapshot),
		},
		isNamed: (callee) => isNamed(callee, input),
	})
	return {
		made: {...made, reasons},
		check: check(moments, requestsFrom(policiesIn(policies), {callees})),
		...nothing,
		inbound: (labels) => (isShut(lastingLabels(labels)) ? "deny" : undefined),
		forAll: policies.some((one) => {
			const {action, selector} = readPolicy(one).value
			return action === "ALLOW" && Object.keys(selector ?? {}).length === 0
		}),
	}
}

/** Everyone who proves an identity in Istio today; the namespaces are named where others are in Linkerd. */
function anyoneIn(snapshot: Snapshot, namespace: string): readonly string[] {
	const earlier = snapshot
		.list(MeshTLSAuthentication, namespace)
		.filter(isOwned)
		.flatMap((one) => readMeshTLS(one).value.identities)
	if (earlier.includes("*")) return ["*"]
	const istio = new Set([namespace, ...inIstio(snapshot)])
	const others = [...inLinkerd(snapshot)].filter((one) => !istio.has(one))
	if (others.length === 0 && earlier.length === 0) return ["*"]
	const domain = linkerdTrustDomain(snapshot)
	const named = [...istio].map((space) => `*.${space}.serviceaccount.identity.linkerd.${domain}`)
	return [...new Set([...named, ...earlier])].sort()
}

/** Of two Servers for a port the older counts, whatever the other says. */
function servedTwice(linkerd: readonly KubeObject[], shut: ReturnType<typeof closed>): readonly Reason[] {
	return linkerd
		.filter((one) => one.kind === Server.kind)
		.filter((one) => shut.some(({labels}) => selects(readServer(one).value.selector, labels)))
		.map((object) =>
			reason("PolicyNotTranslatable", {
				object: refOf(object),
				message: `${refOf(object)} is there already for pods that policies of Istio's close.`,
				fix: "Delete it, or write all that these policies say in Linkerd's words and delete them.",
			}),
		)
}

function probeReasons(snapshot: Snapshot, input: ToLinkerd): readonly Reason[] {
	const shut = closed(input)
	const isShut = (labels: StringMap | undefined) =>
		shut.some((pod) => sameLabels(pod.labels, lastingLabels(labels ?? {})))
	const paths = input.probes
		.filter(({labels}) => isShut(labels))
		.map(({path, port}) => `GET ${path} on port ${port}`)
	const grpc = probedByGRPC(snapshot, input.namespace).filter(({template}) =>
		isShut(template.metadata?.labels),
	)
	return [
		...(paths.length === 0
			? []
			: [
					reason("LinkerdAdmitsProbes", {
						message: `Linkerd lets everyone ask what probes ask: ${listed([...new Set(paths)])}.`,
					}),
				]),
		...grpc.map(({object}) =>
			reason("LinkerdRefusesGRPCProbes", {
				object: refOf(object),
				message: `Probes of ${refOf(object)} speak gRPC, and Linkerd would refuse them.`,
			}),
		),
	]
}

const namesCallers = (objects: readonly KubeObject[]): KubeObject | undefined =>
	objects.find((one) =>
		readPolicy(one).value.rules.some(({from}) =>
			from.some(
				({principals, namespaces, serviceAccounts}) =>
					principals.any.length + namespaces.any.length + serviceAccounts.any.length > 0,
			),
		),
	)

function identityReasons(snapshot: Snapshot, {namespace, policies}: ToLinkerd): readonly Reason[] {
	const object = namesCallers(policies)
	if (object === undefined) return []
	const staying = [...inIstio(snapshot)].filter((one) => one !== namespace).sort()
	const others =
		staying.length === 0
			? ""
			: ` So would be callers in ${listed(staying)}, which are in Istio, until they move as well.`
	return [
		reason("IdentityNotShared", {
			object: refOf(object),
			message: `Callers of ${namespace} are admitted by identities that Linkerd and Istio do not share: of two workloads that call each other, one that has moved and one that has not refuse each other.${others}`,
		}),
	]
}
