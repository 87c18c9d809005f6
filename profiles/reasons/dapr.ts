import type {CatalogueEntry} from "./catalogue.ts"

export const daprReasons = {
	RuntimeNotInstalled: {
		severity: "block",
		doc: "The profile asks for an application runtime that is not in the cluster. Its workloads would call a sidecar that is not there.",
		fix: "Install the runtime first, or take it out of spec.runtime.",
	},
	DaprInjectorUnavailable: {
		severity: "block",
		doc: "No replica of dapr-sidecar-injector is available. Its webhook fails open: new pods would start without daprd and without an error.",
		fix: "Bring the injector up before the pods are made anew.",
	},
	DaprFailsOpen: {
		severity: "info",
		doc: "The webhook of Dapr lets a pod pass when the injector does not answer. Such a pod starts without daprd, and its calls to Dapr fail.",
		fix: "Run the injector with several replicas, or set its failurePolicy to Fail.",
	},
	DaprNotInjected: {
		severity: "info",
		doc: "A pod asks for Dapr and has no daprd: it was made while the injector did not answer.",
		fix: "Restart the workload while the injector is available.",
	},
	DaprAppIdUnusable: {
		severity: "block",
		doc: "An app-id names one application of a namespace. The one that a workload would get, its name, is another's already, or Dapr would refuse it: it makes a Service of it, so it has to be a DNS label of at most 58 characters.",
		fix: "Give each workload a dapr.io/app-id of its own on its pod template.",
	},
	DaprAppPortUnknown: {
		severity: "info",
		doc: "The template has no single TCP port, so dapr.io/app-port is left out. The application can call others through Dapr and is not called itself.",
		fix: "Set dapr.io/app-port on the pod template if Dapr is to call the application.",
	},
	DaprLeavesJobsAlone: {
		severity: "info",
		doc: "A Job does not end while daprd runs on. Heddle gives Dapr to Jobs and CronJobs only where their own templates ask for it.",
		fix: 'Set dapr.io/enabled and, with Dapr 1.18, dapr.io/enable-native-sidecar: "true" on the template.',
	},
	DaprJobDoesNotEnd: {
		severity: "info",
		doc: "A Job with daprd as a plain container does not end by itself.",
		fix: 'Set dapr.io/enable-native-sidecar: "true" (Dapr 1.18), or let the program call Dapr\'s shutdown API.',
	},
	DaprMutualTLSTwice: {
		severity: "info",
		doc: "Dapr encrypts the calls between its sidecars itself, on port 50002. A mesh encrypts them once more and sees bytes only: its routes, its L7 rules and its L7 metrics do not hold for them.",
		fix: "Do mutual TLS on one side: set mtls.enabled to false in Dapr's Configuration daprsystem and restart its sidecars.",
	},
	DaprHiddenFromLinkerd: {
		severity: "accept",
		doc: "With Dapr's own mutual TLS on, Linkerd sees nothing of the calls between Dapr's sidecars (dapr#1852).",
		fix: "Switch Dapr's mutual TLS off in its Configuration daprsystem and restart its sidecars, or accept it.",
	},
	DaprPlaintext: {
		severity: "accept",
		doc: "Dapr's own mutual TLS is off, and after the move no mesh encrypts either: calls between its sidecars would be plaintext.",
		fix: "Switch Dapr's mutual TLS on first, or accept it.",
	},
	DaprCarriesFeature: {
		severity: "info",
		doc: "The feature is carried by daprd for calls through Dapr, on whatever dataplane the pod is. The target does not have to carry it.",
		fix: "Nothing to do.",
	},
	DaprStays: {
		severity: "info",
		doc: "The profile has Dapr switched off, and workloads ask for it themselves. Heddle gives Dapr and never takes it away: a program that calls localhost:3500 would fail without it.",
		fix: "Take dapr.io/enabled off the templates that no longer need it.",
	},
} as const satisfies Record<string, CatalogueEntry>
