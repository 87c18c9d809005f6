import type {Manifest} from "../../infra/manifest.ts"
import {partOf} from "./apply-set.ts"

/** Who installed an object, and whether that tool goes on reconciling it. */
export type Owner = {
	/** For people: `Helm release istio-system/istiod`. */
	readonly name: string
	/** It would revert whatever anybody else writes: two owners would fight for ever. */
	readonly reconciles: boolean
	/** How to make it let go. */
	readonly letGo: string
}

type Judge = (object: Manifest) => Owner | undefined

const annotation = ({metadata}: Manifest, key: string) => metadata.annotations?.[key]
const label = ({metadata}: Manifest, key: string) => metadata.labels?.[key]

type Managed = {readonly manager?: string}
const writtenBy = ({metadata}: Manifest, pattern: RegExp) =>
	(metadata.managedFields as readonly Managed[] | undefined)?.some(({manager = ""}) =>
		pattern.test(manager),
	) === true

/**
 * By what each tool leaves on the object itself; Helm's release Secrets are not read. Those that reconcile come
 * first: Argo CD and Flux leave Helm's marks too.
 */
const judges: readonly Judge[] = [
	(object) => {
		const set = label(object, partOf)
		if (set === undefined) return undefined
		return {
			name: `the ApplySet ${set}`,
			reconciles: true,
			letGo: "Uninstall it from that set first; heddle uninstall --release NAME does it for one of Heddle's.",
		}
	},
	(object) => {
		const tracked = annotation(object, "argocd.argoproj.io/tracking-id")?.split(":")[0]
		const app = tracked ?? label(object, "argocd.argoproj.io/instance")
		if (app === undefined) return undefined
		return {
			name: `the Argo CD application ${app}`,
			reconciles: true,
			letGo: "Remove the application without cascade, or render for it: heddle render.",
		}
	},
	(object) => {
		const name =
			label(object, "kustomize.toolkit.fluxcd.io/name") ?? label(object, "helm.toolkit.fluxcd.io/name")
		if (name === undefined) return undefined
		return {
			name: `Flux's ${name}`,
			reconciles: true,
			letGo: "Suspend and delete it with prune off, or render for it: heddle render.",
		}
	},
	({metadata}) => {
		const owner = metadata.ownerReferences?.find(({apiVersion}) => apiVersion.startsWith("sailoperator.io/"))
		if (owner === undefined) return undefined
		return {
			name: `the Sail operator's ${owner.kind} ${owner.name}`,
			reconciles: true,
			letGo: "Let the Sail operator go on with it, or orphan it: kubectl delete --cascade=orphan.",
		}
	},
	(object) => {
		const release = annotation(object, "meta.helm.sh/release-name")
		if (release === undefined) return undefined
		const namespace = annotation(object, "meta.helm.sh/release-namespace") ?? ""
		return {
			name: `the Helm release ${namespace}/${release}`,
			reconciles: false,
			letGo: `Once it is Heddle's, make Helm forget it: kubectl delete secret -n ${namespace} -l owner=helm,name=${release}.`,
		}
	},
	(object) => {
		const tool = annotation(object, "linkerd.io/created-by")
		if (tool?.startsWith("linkerd/cli") !== true) return undefined
		return {name: tool, reconciles: false, letGo: "Do not use linkerd upgrade any more."}
	},
	(object) => {
		const owning = label(object, "install.operator.istio.io/owning-resource")
		const byTool = writtenBy(object, /^(istioctl|istio-operator)/)
		if (!byTool && (owning === undefined || owning === "unknown")) return undefined
		return {
			name: `istioctl (${owning ?? "install"})`,
			reconciles: false,
			letGo: "Do not use istioctl install any more.",
		}
	},
	(object) => {
		if (!writtenBy(object, /^pulumi-(kubernetes|resource-kubernetes)/)) return undefined
		return {
			name: "a Pulumi stack",
			reconciles: false,
			letGo: "Remove it from that stack's state: pulumi state delete.",
		}
	},
]

/** Whose an object is that is not in our set. */
export function ownerOf(object: Manifest): Owner {
	for (const judge of judges) {
		const owner = judge(object)
		if (owner !== undefined) return owner
	}
	const managers = (object.metadata.managedFields as readonly Managed[] | undefined) ?? []
	const names = [...new Set(managers.flatMap(({manager}) => manager ?? []))]
	const by = names.length === 0 ? "somebody" : names.join(", ")
	return {
		name: `${by}, without the mark of an installer`,
		reconciles: false,
		letGo: "Find out who applies it.",
	}
}
