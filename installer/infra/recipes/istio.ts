import {rcompare} from "semver"
import {z} from "zod"
import {currentVersions} from "../../../profiles/conflicts/windows.ts"
import {charts} from "../charts/chart.ts"
import type {ChartPart, Values} from "../charts/render.ts"
import {isSupported} from "../compatibility.ts"
import type {Part} from "../part.ts"
import {objects} from "../part.ts"
import type {Recipe} from "../recipe.ts"
import {
	chartDir,
	controlPlaneNamespace,
	fromFolder,
	namespace,
	replicas,
	revision,
	version,
} from "./fields.ts"

/** Istio moved its images there with 1.30; the older lines are published at both. */
const hub = "registry.istio.io/release"

const controlPlane = z.strictObject({
	version: version(currentVersions.istio),
	revision: revision.default("default"),
})
type ControlPlane = z.infer<typeof controlPlane>

const common = {
	version: version(currentVersions.istio),
	revision: revision.default("default"),
	keep: z.array(controlPlane).max(3).default([]),
	namespace: namespace("istio-system"),
	replicas: replicas(2),
	trustDomain: z.string().min(1).default("cluster.local"),
	platform: z.enum(["gke", "k3d", "k3s", "microk8s", "minikube", "openshift"]).optional(),
	withBase: z.boolean().default(true),
	chartDir,
}
const sidecar = z.strictObject(common)
const ambient = z.strictObject({...common, ownCNIConfig: z.boolean().default(true)})
type Sidecar = z.infer<typeof sidecar>
type Ambient = z.infer<typeof ambient>

export const istioSidecar: Recipe<Sidecar> = {
	token: "heddle:index:IstioSidecar",
	args: sidecar,
	problems: (args) => problems("istio", args),
	parts: (args) => controlPlanes(args, {}),
}

export const istioAmbient: Recipe<Ambient> = {
	token: "heddle:index:IstioAmbient",
	args: ambient,
	problems: (args) => problems("istio-ambient", args),
	parts: (args) => [...controlPlanes(args, {profile: "ambient"}), ...nodeAgents(args)],
}

function problems(name: "istio" | "istio-ambient", {version, revision, keep}: Sidecar): string[] {
	const all = [{version, revision}, ...keep]
	const twice = all.filter((one, i) => all.findIndex((other) => other.revision === one.revision) !== i)
	return [
		...all.flatMap((one) => isSupported(name, one.version)),
		...twice.map((one) => `keep: the revision ${one.revision} is there twice`),
		...keep
			.filter((one) => rcompare(one.version, version) < 0)
			.map(
				(one) => `keep: ${one.version} is newer than version ${version}; what is kept is what came before`,
			),
	]
}

/** CRDs of the newest version, which serve the older ones too, then each istiod: the ones that are kept first. */
function controlPlanes(args: Sidecar, values: Values): Part[] {
	const {version, revision, keep, namespace} = args
	const planes: ControlPlane[] = [...keep, {version, revision}]
	return [
		objects(controlPlaneNamespace(namespace)),
		...(args.withBase ? [base(args, planes)] : []),
		...planes.map((plane, i) => istiod({args, plane, isOldest: i === 0, values})),
	]
}

function base(args: Sidecar, planes: readonly ControlPlane[]): ChartPart {
	const {version, namespace, chartDir} = args
	return {
		from: "chart",
		chart: charts.istioBase,
		version,
		release: "istio-base",
		namespace,
		values: {
			global: {istioNamespace: namespace},
			defaultRevision: planes[0]?.revision ?? "default",
			...platformOf(args),
		},
		...fromFolder(chartDir),
	}
}

const chartRevision = (revision: string) => (revision === "default" ? "" : revision)

type Plane = {
	readonly args: Sidecar
	readonly plane: ControlPlane
	readonly isOldest: boolean
	readonly values: Values
}

/**
 * The tag `default`, by which namespaces with istio-injection=enabled find their control plane, stays with the oldest
 * revision: new pods change their dataplane when somebody decides so, and not because a newer one is there.
 */
function istiod({args, plane: {version, revision}, isOldest, values}: Plane): ChartPart {
	const {namespace, replicas, trustDomain, chartDir} = args
	const name = chartRevision(revision)
	return {
		from: "chart",
		chart: charts.istiod,
		version,
		release: name === "" ? "istiod" : `istiod-${name}`,
		namespace,
		values: {
			...values,
			...platformOf(args),
			revision: name,
			revisionTags: isOldest && name !== "" ? ["default"] : [],
			autoscaleMin: replicas,
			autoscaleMax: Math.max(5, replicas),
			pdb: {minAvailable: 1},
			global: {istioNamespace: namespace, hub, tag: version, logAsJson: true},
			meshConfig: {trustDomain},
		},
		...fromFolder(chartDir),
	}
}

/** One agent per node serves every revision, so it follows the newest; istiod leads, the dataplane never does. */
function nodeAgents(args: Ambient): Part[] {
	const {version, revision, namespace, ownCNIConfig, chartDir} = args
	const common = {from: "chart", version, namespace, ...fromFolder(chartDir)} as const
	const global = {hub, tag: version, logAsJson: true}
	return [
		{
			...common,
			chart: charts.istioCni,
			release: "istio-cni",
			// Without a CNI configuration of its own, a rebooted node lets pods start outside of the mesh (istio#60882).
			values: {profile: "ambient", istioOwnedCNIConfig: ownCNIConfig, global, ...platformOf(args)},
		},
		{
			...common,
			chart: charts.ztunnel,
			release: "ztunnel",
			values: {
				hub,
				tag: version,
				istioNamespace: namespace,
				revision: chartRevision(revision),
				logAsJson: true,
				...platformOf(args),
			},
		},
	]
}

const platformOf = ({platform}: Sidecar): Values => (platform === undefined ? {} : {platform})
