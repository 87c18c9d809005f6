import {coerce, rcompare} from "semver"
import {ciliumConfig} from "../apis/cilium/config.ts"
import type {Installation} from "../dataplane.ts"
import {annotationOf} from "../pods.ts"
import * as kinds from "../snapshot/kinds.ts"
import type {KubeObject} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {type Product, productOf} from "./windows.ts"

/** A product in the cluster, or one that may come. */
export type Member = {
	readonly product: Product
	/** The dataplane and the revision, for people. */
	readonly name: string
	/** Absent when nothing in the cluster tells. */
	readonly version?: string
	/** It is known not to read the Gateway API. */
	readonly ignoresGatewayAPI?: boolean
}

/** The versions of all that has to get along in one cluster. */
export type Stack = {
	/** The API server's; where it does not tell, the newest kubelet's, which is never newer than the API server. */
	readonly kubernetes?: string
	readonly kernels: readonly {readonly node: string; readonly version: string}[]
	/** Of the CRDs; absent when they are not installed or not among what was read. */
	readonly gatewayAPI?: string
	readonly members: readonly Member[]
	/** Other products may be there as well, so that one which is not listed is not taken for absent. */
	readonly isPart?: boolean
}

export const CustomResourceDefinition = kinds.clusterScoped<KubeObject>(
	"apiextensions.k8s.io",
	"v1",
	"CustomResourceDefinition",
	"customresourcedefinitions",
)

/** The CRD that every implementation of the Gateway API reads; its annotation tells the version of the bundle. */
export const gatewayAPIDefinition = "httproutes.gateway.networking.k8s.io"

export type StackInput = {
	readonly snapshot: Snapshot
	readonly installations: readonly Installation[]
	/** The API server's own version, where there is one to ask. */
	readonly server?: string
}

export function stackOf({snapshot, installations, server}: StackInput): Stack {
	const nodes = snapshot.list(kinds.Node)
	const kubelets = nodes.flatMap(({status}) => coerce(status?.nodeInfo?.kubeletVersion) ?? [])
	const kubernetes = coerce(server) ?? kubelets.sort(rcompare)[0]
	const gatewayAPI = gatewayAPIVersion(snapshot)
	return {
		...(kubernetes === undefined ? {} : {kubernetes: kubernetes.version}),
		kernels: nodes.flatMap(({metadata, status}) => {
			const version = coerce(status?.nodeInfo?.kernelVersion)?.version
			return version === undefined ? [] : [{node: metadata.name, version}]
		}),
		...(gatewayAPI === undefined ? {} : {gatewayAPI}),
		members: installations.flatMap((one) => memberOf(snapshot, one)),
	}
}

function gatewayAPIVersion(snapshot: Snapshot): string | undefined {
	const definition = snapshot.get(CustomResourceDefinition, gatewayAPIDefinition)
	const told = definition && annotationOf(definition, "gateway.networking.k8s.io/bundle-version")
	return coerce(told)?.version
}

function memberOf(snapshot: Snapshot, {dataplane, revision, version}: Installation): readonly Member[] {
	const product = productOf[dataplane]
	if (product === undefined) return []
	const config = product === "cilium" ? ciliumConfig(snapshot) : undefined
	return [
		{
			product,
			name: revision === "default" ? dataplane : `${dataplane} (${revision})`,
			...(version === undefined ? {} : {version}),
			...(config !== undefined && config["enable-gateway-api"] !== "true" ? {ignoresGatewayAPI: true} : {}),
		},
	]
}
