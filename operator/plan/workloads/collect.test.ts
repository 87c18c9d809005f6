import {describe, expect, it} from "vitest"
import {dataplanes} from "../../../profiles/registry.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import {snapshotOf} from "../../../profiles/snapshot/snapshot.ts"
import {cronJob, deployment, job, pod} from "../../../profiles/testing/builders.ts"
import {workloadsOf} from "./collect.ts"

const found = (objects: readonly KubeObject[]) =>
	workloadsOf(snapshotOf(objects), "shop", dataplanes).map(({ref, pods}) => `${ref} ${pods.length}`)

const owned = <T extends KubeObject>(object: T, kind: string, name: string): T => ({
	...object,
	metadata: {...object.metadata, ownerReferences: [{apiVersion: "apps/v1", kind, name, controller: true}]},
})

const replicaSet = (name: string): KubeObject => ({
	apiVersion: "apps/v1",
	kind: "ReplicaSet",
	metadata: {name, namespace: "shop"},
	...{spec: {replicas: 1, template: {metadata: {labels: {app: "web"}}}}},
})

describe("the workloads of a namespace", () => {
	it("are found behind their ReplicaSets", () => {
		const objects = [
			deployment("web"),
			owned(replicaSet("web-5d"), "Deployment", "web"),
			pod("web-5d-a", {owner: {kind: "ReplicaSet", name: "web-5d"}}),
		]
		expect(found(objects)).toEqual(["Deployment/shop/web 1"])
	})

	it("are found by name where the ReplicaSet is not in the input", () => {
		const objects = [deployment("web"), pod("web-5d-a", {owner: {kind: "ReplicaSet", name: "web-5d"}})]
		expect(found(objects)).toEqual(["Deployment/shop/web 1"])
	})

	it("hold a ReplicaSet that nobody owns", () => {
		const objects = [replicaSet("web"), pod("web-a", {owner: {kind: "ReplicaSet", name: "web"}})]
		expect(found(objects)).toEqual(["ReplicaSet/shop/web 1"])
	})

	it("name a CronJob once, not each of its Jobs", () => {
		const objects = [
			cronJob("report"),
			owned(job("report-29"), "CronJob", "report"),
			pod("report-29-a", {owner: {kind: "Job", name: "report-29"}}),
		]
		expect(found(objects)).toEqual(["CronJob/shop/report 1"])
	})

	it("name an owner that is not known, and pods that nobody owns", () => {
		const objects = [
			pod("db-0", {owner: {kind: "Postgres", name: "db"}}),
			pod("debug"),
			pod("done", {phase: "Succeeded"}),
		]
		expect(found(objects)).toEqual(["Postgres/shop/db 1", "Pod/shop/debug 1"])
	})

	it("leave out gateways, and the pods that a kubelet runs by itself", () => {
		const label = {"gateway.networking.k8s.io/gateway-name": "waypoint"}
		const objects = [
			deployment("waypoint", {podLabels: label}),
			pod("waypoint-5d-a", {labels: label, owner: {kind: "ReplicaSet", name: "waypoint-5d"}}),
			pod("static", {owner: {kind: "Node", name: "n1"}}),
		]
		expect(found(objects)).toEqual([])
	})
})
