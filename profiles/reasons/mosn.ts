import type {CatalogueEntry} from "./catalogue.ts"

export const mosnReasons = {
	MosnIsLegacy: {
		severity: "info",
		doc: "A revision injects MOSN as its proxy. MOSN reads the configuration of Istio 1.10 only, which is no longer maintained and supports no current Kubernetes: it is not a current Istio, whatever its containers are called.",
		fix: "Move its namespaces to a maintained dataplane.",
	},
	MosnTakesNewWorkloads: {
		severity: "accept",
		doc: "The plan moves workloads to MOSN, which is legacy: neither it nor the Istio 1.10 that it needs is maintained.",
		fix: "Choose istio-sidecar or another maintained dataplane.",
	},
	IgnoredByIstio110: {
		severity: "block",
		doc: "An object is of a kind, or is attached in a way, that came after Istio 1.10. MOSN would never hear of it: the rule would stop acting, without an error.",
		fix: "Say it by a VirtualService, a DestinationRule or an EnvoyFilter of that time, or choose another dataplane.",
	},
	TemplatePinsMosn: {
		severity: "block",
		doc: "A pod template asks for MOSN by an annotation of its own (its image, or the path of its binary). A current Istio would inject MOSN there, which it cannot configure, or start a binary that its image does not have.",
		fix: "Remove the annotation from the pod template together with the move.",
	},
} as const satisfies Record<string, CatalogueEntry>
