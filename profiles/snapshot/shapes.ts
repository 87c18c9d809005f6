import type {KubeObject, StringMap} from "./object.ts"

/*
 * The parts of Kubernetes objects that Heddle reads. Everything is optional that the API server may leave out,
 * since objects also come from files that nobody validated.
 */

export type LabelSelector = {
	readonly matchLabels?: StringMap
	readonly matchExpressions?: readonly {
		readonly key: string
		readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist"
		readonly values?: readonly string[]
	}[]
}

export type EnvVar = {readonly name: string; readonly value?: string}

export type Probe = {
	readonly httpGet?: object
	readonly tcpSocket?: object
	readonly exec?: object
	readonly grpc?: object
}

export type Container = {
	readonly name: string
	readonly image?: string
	readonly restartPolicy?: string
	readonly env?: readonly EnvVar[]
	readonly args?: readonly string[]
	readonly ports?: readonly {
		readonly name?: string
		readonly containerPort: number
		readonly hostPort?: number
		readonly protocol?: string
	}[]
	readonly resources?: {readonly requests?: StringMap; readonly limits?: StringMap}
	readonly readinessProbe?: Probe
	readonly livenessProbe?: Probe
	readonly startupProbe?: Probe
	readonly lifecycle?: {readonly preStop?: object}
}

export type PodSpec = {
	readonly nodeName?: string
	readonly hostNetwork?: boolean
	readonly serviceAccountName?: string
	readonly runtimeClassName?: string
	readonly restartPolicy?: string
	readonly terminationGracePeriodSeconds?: number
	readonly containers?: readonly Container[]
	readonly initContainers?: readonly Container[]
	readonly volumes?: readonly {
		readonly name: string
		readonly persistentVolumeClaim?: {readonly claimName: string}
	}[]
}

export type ContainerStatus = {
	readonly name: string
	readonly ready?: boolean
	readonly started?: boolean
	readonly restartCount?: number
	readonly state?: {
		readonly waiting?: {readonly reason?: string}
		readonly running?: object
		readonly terminated?: {readonly reason?: string; readonly exitCode?: number; readonly message?: string}
	}
}

export type KubeCondition = {
	readonly type: string
	readonly status: string
	readonly reason?: string
	readonly message?: string
	readonly observedGeneration?: number
	readonly lastTransitionTime?: string
}

export type Pod = KubeObject & {
	readonly spec?: PodSpec
	readonly status?: {
		readonly phase?: string
		readonly reason?: string
		readonly conditions?: readonly KubeCondition[]
		readonly containerStatuses?: readonly ContainerStatus[]
		readonly initContainerStatuses?: readonly ContainerStatus[]
		readonly podIP?: string
		readonly startTime?: string
	}
}

export type PodTemplate = {
	readonly metadata?: {readonly labels?: StringMap; readonly annotations?: StringMap}
	readonly spec?: PodSpec
}

export type Namespace = KubeObject & {readonly status?: {readonly phase?: string}}

export type Deployment = KubeObject & {
	readonly spec?: {
		readonly replicas?: number
		readonly paused?: boolean
		readonly selector?: LabelSelector
		readonly minReadySeconds?: number
		readonly progressDeadlineSeconds?: number
		readonly strategy?: {
			readonly type?: string
			readonly rollingUpdate?: {
				readonly maxSurge?: number | string
				readonly maxUnavailable?: number | string
			}
		}
		readonly template?: PodTemplate
	}
	readonly status?: {
		readonly observedGeneration?: number
		readonly replicas?: number
		readonly updatedReplicas?: number
		readonly readyReplicas?: number
		readonly availableReplicas?: number
		readonly unavailableReplicas?: number
		readonly conditions?: readonly KubeCondition[]
	}
}

export type StatefulSet = KubeObject & {
	readonly spec?: {
		readonly replicas?: number
		readonly selector?: LabelSelector
		readonly serviceName?: string
		readonly podManagementPolicy?: string
		readonly updateStrategy?: {
			readonly type?: string
			readonly rollingUpdate?: {readonly partition?: number; readonly maxUnavailable?: number | string}
		}
		readonly template?: PodTemplate
	}
	readonly status?: {
		readonly observedGeneration?: number
		readonly replicas?: number
		readonly updatedReplicas?: number
		readonly readyReplicas?: number
		readonly currentRevision?: string
		readonly updateRevision?: string
	}
}

export type DaemonSet = KubeObject & {
	readonly spec?: {
		readonly selector?: LabelSelector
		readonly updateStrategy?: {
			readonly type?: string
			readonly rollingUpdate?: {
				readonly maxSurge?: number | string
				readonly maxUnavailable?: number | string
			}
		}
		readonly template?: PodTemplate
	}
	readonly status?: {
		readonly observedGeneration?: number
		readonly desiredNumberScheduled?: number
		readonly updatedNumberScheduled?: number
		readonly numberReady?: number
		readonly numberUnavailable?: number
	}
}

export type ReplicaSet = KubeObject & {
	readonly spec?: {readonly replicas?: number; readonly template?: PodTemplate}
}

export type Job = KubeObject & {
	readonly spec?: {readonly suspend?: boolean; readonly template?: PodTemplate}
	readonly status?: {
		readonly active?: number
		readonly succeeded?: number
		readonly completionTime?: string
		readonly conditions?: readonly KubeCondition[]
	}
}

export type CronJob = KubeObject & {
	readonly spec?: {
		readonly suspend?: boolean
		readonly jobTemplate?: {readonly spec?: {readonly template?: PodTemplate}}
	}
}

export type Service = KubeObject & {
	readonly spec?: {
		readonly selector?: StringMap
		readonly clusterIP?: string
		readonly type?: string
		readonly ports?: readonly {
			readonly name?: string
			readonly port: number
			readonly targetPort?: number | string
			readonly protocol?: string
			readonly appProtocol?: string
		}[]
	}
	readonly status?: {readonly conditions?: readonly KubeCondition[]}
}

export type Node = KubeObject & {
	readonly spec?: {readonly providerID?: string; readonly unschedulable?: boolean}
	readonly status?: {
		readonly nodeInfo?: {
			readonly kubeletVersion?: string
			readonly kernelVersion?: string
			readonly osImage?: string
		}
		readonly conditions?: readonly KubeCondition[]
	}
}

export type PodDisruptionBudget = KubeObject & {
	readonly spec?: {
		readonly minAvailable?: number | string
		readonly maxUnavailable?: number | string
		readonly selector?: LabelSelector
	}
	readonly status?: {readonly disruptionsAllowed?: number}
}

export type HorizontalPodAutoscaler = KubeObject & {
	readonly spec?: {
		readonly scaleTargetRef?: {readonly kind: string; readonly name: string}
		readonly maxReplicas?: number
	}
	readonly status?: {readonly currentReplicas?: number; readonly desiredReplicas?: number}
}

export type ResourceQuota = KubeObject & {
	readonly spec?: {readonly hard?: StringMap}
	readonly status?: {readonly used?: StringMap; readonly hard?: StringMap}
}

export type NetworkPolicy = KubeObject & {
	readonly spec?: {
		readonly podSelector?: LabelSelector
		readonly policyTypes?: readonly string[]
		readonly ingress?: readonly unknown[]
		readonly egress?: readonly unknown[]
	}
}

export type MutatingWebhookConfiguration = KubeObject & {
	readonly webhooks?: readonly {
		readonly name: string
		readonly failurePolicy?: string
		readonly clientConfig?: {
			readonly service?: {readonly name: string; readonly namespace: string}
			readonly url?: string
			readonly caBundle?: string
		}
		readonly namespaceSelector?: LabelSelector
		readonly objectSelector?: LabelSelector
	}[]
}

export type ConfigMap = KubeObject & {readonly data?: StringMap}

export type Gateway = KubeObject & {
	readonly spec?: {
		readonly gatewayClassName?: string
		readonly listeners?: readonly {
			readonly name: string
			readonly port: number
			readonly protocol: string
			readonly allowedRoutes?: {
				readonly namespaces?: {readonly from?: string; readonly selector?: LabelSelector}
			}
		}[]
	}
	readonly status?: {
		readonly conditions?: readonly KubeCondition[]
		readonly addresses?: readonly {readonly value?: string}[]
	}
}

/** Any other kind, a policy or a route: its spec is read field by field where its meaning is known. */
export type Custom = KubeObject & {
	readonly spec?: Readonly<Record<string, unknown>>
	readonly status?: Readonly<Record<string, unknown>>
}
