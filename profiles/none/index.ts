import type {Dataplane} from "../dataplane.ts"

export const none: Dataplane = {
	name: "none",
	family: "None",
	modes: ["None"],
	reads: [],
	detect: () => [],
	capabilities: [],
	enrol: () => ({namespace: {labels: {}, annotations: {}}, template: {labels: {}, annotations: {}}}),
	leave: () => ({namespace: {labels: {}, annotations: {}}, template: {labels: {}, annotations: {}}}),
	owns: () => false,
	evidence: () => undefined,
	hazards: () => [],
	costs: [],
}
