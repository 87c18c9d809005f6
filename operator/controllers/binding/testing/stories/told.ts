import type {MeshBinding} from "../../../../../crds/generated.ts"
import type {WorkloadSpec} from "../../../../plan/testing/cluster.ts"
import {bindingRef} from "../act.ts"
import type {SimCluster} from "../cluster.ts"
import {shop} from "../scenes.ts"
import type {Story} from "../story.ts"

export type Told = {readonly name: string; readonly about: string; readonly happens: () => Story}

/** Waves without a soak, so that a story is about its point. */
export const swift = {migration: {waves: {soak: "0s"}}} as const

export const onSidecars: readonly WorkloadSpec[] = [
	{kind: "Deployment", name: "cart", on: "istio-sidecar"},
	{kind: "Deployment", name: "web", on: "istio-sidecar"},
]

export const onAmbient: readonly WorkloadSpec[] = [
	{kind: "Deployment", name: "cart", on: "istio-ambient"},
	{kind: "Deployment", name: "web", on: "istio-ambient"},
]

export const onLinkerd: readonly WorkloadSpec[] = [
	{kind: "Deployment", name: "cart", on: "linkerd"},
	{kind: "Deployment", name: "web", on: "linkerd"},
]

/** Whether a step of the migration under way has come to a state. */
export const when =
	(id: string, state: string) =>
	(cluster: SimCluster): boolean =>
		(cluster.find(bindingRef(shop)) as MeshBinding | undefined)?.status?.migration?.steps?.some(
			(step) => step.id === id && step.state === state,
		) === true
