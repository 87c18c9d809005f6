import {plural} from "../../profiles/names.ts"
import * as kinds from "../../profiles/snapshot/kinds.ts"
import type {Finding, Outcome, PureCheck, Scene} from "./types.ts"

const reads = [kinds.Deployment, kinds.DaemonSet, kinds.MutatingWebhookConfiguration]

export const dataplaneChecks: readonly PureCheck[] = [
	{
		id: "dataplane-health",
		group: "Dataplanes",
		title: "every dataplane that is installed is healthy",
		severity: "error",
		doc: "Each revision of each dataplane is looked at as a plan would: is its control plane available, is its injector there, is its agent ready on every node that may get pods? Nothing moves to one that is not healthy, and with failurePolicy Fail nothing new starts in its namespaces.",
		fix: "Bring the control plane or the agent up.",
		reads,
		look: (scene) =>
			ofMeshes(scene, ({reasons, healthy}, name) => {
				const blocking = reasons.filter(({severity}) => severity === "block")
				if (blocking.length === 0) return healthy ? [] : [{message: `${name} is not healthy`}]
				return blocking.map(({message, object, fix}) => ({
					message: `${name}: ${message}`,
					...(object === undefined ? {} : {object}),
					...(fix === undefined ? {} : {fix}),
				}))
			}),
	},
	{
		id: "dataplane-version",
		group: "Dataplanes",
		title: "every dataplane tells its version",
		severity: "warning",
		doc: "What a dataplane carries differs by version. Where nothing tells it, the weakest statement about any version counts, and conflicts between versions go unseen.",
		fix: "Label its Deployment or its webhook with app.kubernetes.io/version.",
		reads,
		look: (scene) =>
			ofMeshes(scene, ({version}, name) =>
				version === undefined ? [{message: `nothing tells the version of ${name}`}] : [],
			),
	},
	{
		id: "dataplane-notes",
		group: "Dataplanes",
		title: "no dataplane has a setting to know about",
		severity: "info",
		doc: "What is as it may be and still changes what a dataplane does: sidecars that are not native, a control plane outside of the cluster, a class of waypoints that is not there.",
		fix: "See the message; nothing has to be done.",
		reads,
		look: (scene) =>
			ofMeshes(scene, ({reasons}, name) =>
				reasons
					.filter(({severity, code}) => severity !== "block" && code !== "ControlPlaneVersionUnknown")
					.map(({message, object}) => ({
						message: `${name}: ${message}`,
						...(object === undefined ? {} : {object}),
					})),
			),
	},
]

type Installed = Scene["facts"]["installed"][number]

function ofMeshes(
	{facts}: Scene,
	look: (installation: Installed["installation"], name: string) => readonly Finding[],
): Outcome {
	const meshes = facts.installed.filter(({dataplane}) => dataplane.family !== "None")
	if (meshes.length === 0) return {seen: "no dataplane is installed", findings: []}
	const named = meshes.map((one) => ({...one, name: nameOf(one)}))
	return {
		seen: `${plural(meshes.length, "installation")}: ${named.map(({name, installation}) => `${name} ${installation.version ?? "of an unknown version"}`).join(", ")}`,
		findings: named.flatMap(({installation, name}) => look(installation, name)),
	}
}

const nameOf = ({dataplane, installation}: Installed): string =>
	installation.revision === "default" ? dataplane.name : `${dataplane.name} (${installation.revision})`
