import type {KubeObject, StringMap} from "../../../profiles/snapshot/object.ts"
import type {Workload} from "./collect.ts"

const marks: readonly {readonly owner: string; readonly keys: readonly string[]}[] = [
	{owner: "Argo CD", keys: ["argocd.argoproj.io/instance", "argocd.argoproj.io/tracking-id"]},
	{owner: "Flux", keys: ["kustomize.toolkit.fluxcd.io/name", "helm.toolkit.fluxcd.io/name"]},
]

const managers: Readonly<Record<string, string>> = {
	"argocd-controller": "Argo CD",
	"argocd-application-controller": "Argo CD",
	"kustomize-controller": "Flux",
	"helm-controller": "Flux",
}

const keysOf = ({metadata}: KubeObject): StringMap => ({...metadata.labels, ...metadata.annotations})

/** The GitOps controller that writes a workload. */
export const gitOwner = ({object}: Workload): string | undefined =>
	object === undefined ? undefined : gitOwnerOf(object)

/** The GitOps controller that writes an object, by the marks that it leaves and by who owns its fields. */
export function gitOwnerOf(object: KubeObject): string | undefined {
	const keys = keysOf(object)
	const mark = marks.find((one) => one.keys.some((key) => keys[key] !== undefined))
	const manager = object.metadata.managedFields?.find(
		(one) => managers[one.manager ?? ""] !== undefined,
	)?.manager
	const owner = mark?.owner ?? managers[manager ?? ""]
	return owner === undefined ? undefined : `${owner} writes this object`
}

export function helmRelease({object}: Workload): string | undefined {
	if (object === undefined) return undefined
	const keys = keysOf(object)
	const release = keys["meta.helm.sh/release-name"]
	if (release !== undefined) return `It belongs to the Helm release ${release}`
	return keys["app.kubernetes.io/managed-by"] === "Helm" ? "It belongs to a Helm release" : undefined
}
