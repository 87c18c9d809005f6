import {CiliumEndpoint} from "../../profiles/apis/cilium/kinds.ts"
import type {Kind} from "../../profiles/snapshot/kinds.ts"
import * as kinds from "../../profiles/snapshot/kinds.ts"
import type {KubeObject, ObjectMeta} from "../../profiles/snapshot/object.ts"
import type {
	Container,
	ContainerStatus,
	Custom,
	Node,
	Pod,
	PodSpec,
	PodTemplate,
	ReplicaSet,
} from "../../profiles/snapshot/shapes.ts"
import {labels} from "../api/names.ts"
import {Interner} from "./intern.ts"

export type Keep = (object: KubeObject) => KubeObject

/** What `kubectl apply` keeps of its last input: the whole object once more, as text. */
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

/**
 * What of each kind is kept in memory: what the planner reads of the many (pods, replica sets, nodes), and the whole
 * of the few but their managedFields.
 */
export function keepersOf(interner = new Interner()): (kind: Kind) => Keep {
	const shared = <T>(value: T) => interner.share(value)
	const byKind: Readonly<Record<string, Keep>> = {
		[kinds.Pod.id]: (object) => keepPod(object as Pod, shared),
		[kinds.ReplicaSet.id]: (object) => keepReplicaSet(object as ReplicaSet, shared),
		[kinds.Node.id]: (object) => keepNode(object as Node, shared),
		[CiliumEndpoint.id]: (object) => keepEndpoint(object as Custom, shared),
	}
	return (kind) => byKind[kind.id] ?? keepWhole
}

type Share = <T>(value: T) => T

function keepWhole(object: KubeObject): KubeObject {
	const {managedFields: _, annotations, ...metadata} = object.metadata
	return {
		...object,
		metadata: {
			...metadata,
			...(annotations === undefined ? {} : {annotations: withoutLastApplied(annotations)}),
		},
	}
}

function withoutLastApplied(annotations: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
	if (annotations[lastApplied] === undefined) return annotations
	const {[lastApplied]: _, ...rest} = annotations
	return rest
}

function keepMeta(metadata: ObjectMeta, shared: Share): ObjectMeta {
	const {
		name,
		namespace,
		uid,
		resourceVersion,
		generation,
		creationTimestamp,
		deletionTimestamp,
		labels,
		annotations,
		ownerReferences,
	} = metadata
	return compact({
		name,
		namespace: shared(namespace),
		uid,
		resourceVersion,
		generation,
		creationTimestamp,
		deletionTimestamp,
		labels: shared(labels),
		annotations: annotations === undefined ? undefined : shared(withoutLastApplied(annotations)),
		ownerReferences: shared(
			ownerReferences?.map(({apiVersion, kind, name: owner, uid: id, controller}) =>
				compact({apiVersion, kind, name: owner, uid: id, controller}),
			),
		),
	})
}

function keepPod({apiVersion, kind, metadata, spec, status}: Pod, shared: Share): Pod {
	return compact({
		apiVersion: shared(apiVersion),
		kind: shared(kind),
		metadata: keepMeta(metadata, shared),
		spec: spec === undefined ? undefined : keepPodSpec(spec, shared),
		status: compact({
			phase: shared(status?.phase),
			reason: shared(status?.reason),
			// Without their times, which would make those of every pod different; since when it is Ready is read.
			conditions: status?.conditions?.map(({type, status: is, reason, message, lastTransitionTime}) =>
				type === "Ready"
					? compact({type, status: is, reason, message, lastTransitionTime})
					: shared(compact({type, status: is, reason, message})),
			),
			containerStatuses: shared(
				status?.containerStatuses?.map((one) => keepContainerStatus(one, metadata.labels?.[labels.probe])),
			),
			initContainerStatuses: shared(status?.initContainerStatuses?.map((one) => keepContainerStatus(one))),
			podIP: status?.podIP,
			startTime: status?.startTime,
		}),
	})
}

function keepPodSpec(spec: PodSpec, shared: Share): PodSpec {
	return compact({
		nodeName: shared(spec.nodeName),
		hostNetwork: spec.hostNetwork,
		serviceAccountName: shared(spec.serviceAccountName),
		runtimeClassName: shared(spec.runtimeClassName),
		restartPolicy: shared(spec.restartPolicy),
		terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds,
		containers: shared(spec.containers?.map(keepContainer)),
		initContainers: shared(spec.initContainers?.map(keepContainer)),
		volumes: shared(
			spec.volumes
				?.filter(({persistentVolumeClaim}) => persistentVolumeClaim !== undefined)
				.map(({name, persistentVolumeClaim}) => compact({name, persistentVolumeClaim})),
		),
	})
}

function keepContainer(container: Container): Container {
	const {
		name,
		image,
		restartPolicy,
		env,
		args,
		ports,
		resources,
		readinessProbe,
		livenessProbe,
		startupProbe,
		lifecycle,
	} = container
	return compact({
		name,
		image,
		restartPolicy,
		// Values from elsewhere (valueFrom) are not there to be read.
		env: env?.map(({name: key, value}) => compact({name: key, value})),
		args,
		ports,
		resources,
		readinessProbe,
		livenessProbe,
		startupProbe,
		lifecycle,
	})
}

/** What a container said when it ended is read of a probe's alone. */
function keepContainerStatus(
	{name, ready, started, restartCount, state}: ContainerStatus,
	probe?: string,
): ContainerStatus {
	const {waiting, running, terminated} = state ?? {}
	return compact({
		name,
		ready,
		started,
		restartCount,
		state: compact({
			waiting: waiting && compact({reason: waiting.reason}),
			running: running && {},
			terminated:
				terminated &&
				compact({
					reason: terminated.reason,
					exitCode: terminated.exitCode,
					message: probe === undefined ? undefined : terminated.message,
				}),
		}),
	})
}

function keepReplicaSet({apiVersion, kind, metadata, spec}: ReplicaSet, shared: Share): ReplicaSet {
	const {metadata: template, spec: podSpec} = spec?.template ?? {}
	const kept: PodTemplate = compact({
		metadata:
			template && compact({labels: shared(template.labels), annotations: shared(template.annotations)}),
		spec: podSpec && keepPodSpec(podSpec, shared),
	})
	return compact({
		apiVersion: shared(apiVersion),
		kind: shared(kind),
		metadata: keepMeta(metadata, shared),
		spec: compact({replicas: spec?.replicas, template: shared(kept)}),
	})
}

function keepNode({apiVersion, kind, metadata, spec, status}: Node, shared: Share): Node {
	const {kubeletVersion, kernelVersion, osImage} = status?.nodeInfo ?? {}
	return compact({
		apiVersion: shared(apiVersion),
		kind: shared(kind),
		metadata: keepMeta(metadata, shared),
		spec: compact({providerID: spec?.providerID, unschedulable: spec?.unschedulable}),
		status: compact({
			nodeInfo: shared(compact({kubeletVersion, kernelVersion, osImage})),
			// Heartbeats change a node every few minutes and tell nothing new.
			conditions: shared(
				status?.conditions?.map(({type, status: is, reason}) => compact({type, status: is, reason})),
			),
		}),
	})
}

/** One for each pod, with all that its agent knows; whether its rules are in place is what is read. */
function keepEndpoint({apiVersion, kind, metadata, status}: Custom, shared: Share): Custom {
	const {name, namespace, uid, resourceVersion} = metadata
	return compact({
		apiVersion: shared(apiVersion),
		kind: shared(kind),
		metadata: compact({name, namespace: shared(namespace), uid, resourceVersion}),
		status: shared({state: status?.state}),
	})
}

type Defined<T> = {[K in keyof T]: Exclude<T[K], undefined>}

/** Drops what is undefined: an absent field and one that is undefined are not the same to whoever compares. */
function compact<T extends object>(value: T): Defined<T> {
	const kept: Partial<T> = {}
	for (const key in value) if (value[key] !== undefined) kept[key] = value[key]
	return kept as Defined<T>
}
