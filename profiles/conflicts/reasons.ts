import type {CatalogueEntry} from "../reasons/catalogue.ts"

export const conflictReasons = {
	VersionConflict: {
		severity: "block",
		doc: "Two versions are known not to work together: a dataplane with this Kubernetes, this kernel, these CRDs of the Gateway API, or this control plane. Nothing is installed on top of it.",
		fix: "Install a version whose window holds, or bring the other side into it.",
	},
	VersionNotTested: {
		severity: "accept",
		doc: "A version lies outside of what the dataplane's project tests and supports. It may work; nobody has shown that it does.",
		fix: "Take a version within the window, or try the pair in a cluster that may break.",
	},
	GatewayAPIWindowsDisjoint: {
		severity: "accept",
		doc: "Two dataplanes of the cluster read the same CRDs of the Gateway API, and no version of the CRDs lies in the windows of both. A route with a field that one of them does not know is ignored by it as a whole, without an error.",
		fix: "Keep routes to fields that the older window knows, or bring one dataplane to a version whose window meets the other's.",
	},
	DataplaneLeadsControlPlane: {
		severity: "block",
		doc: "Proxies are of a newer minor version than the istiod that configures them. Istio's control plane may lead its dataplane; the other way round is not supported.",
		fix: "Upgrade istiod first, and the proxies after it.",
	},
	DataplaneTrailsControlPlane: {
		severity: "info",
		doc: "Proxies are more than one minor version older than the istiod that configures them: they were not made anew after an upgrade.",
		fix: "Roll the workloads, so that they get proxies of the control plane's version.",
	},
} as const satisfies Record<string, CatalogueEntry>
