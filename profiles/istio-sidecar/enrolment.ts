import type {Enrolment, Installation} from "../dataplane.ts"

const none = {}

/** `istio-injection: enabled` is served by the revision `default`, or by the one that the tag `default` stands for. */
export function isDefault({revision, tags}: Installation): boolean {
	return revision === "default" || tags.includes("default")
}

export function enrol(installation: Installation): Enrolment {
	const {revision} = installation
	if (isDefault(installation)) {
		return {
			namespace: {labels: {"istio-injection": "enabled", "istio.io/rev": null}, annotations: none},
			template: {labels: {"sidecar.istio.io/inject": "true", "istio.io/rev": null}, annotations: none},
		}
	}
	return {
		namespace: {labels: {"istio-injection": null, "istio.io/rev": revision}, annotations: none},
		template: {labels: {"sidecar.istio.io/inject": "true", "istio.io/rev": revision}, annotations: none},
	}
}

/** The opt-out is a value, not an absence: a label that someone puts on the namespace later cannot enrol again. */
export function leave(): Enrolment {
	return {
		namespace: {labels: {"istio-injection": null, "istio.io/rev": null}, annotations: none},
		template: {labels: {"sidecar.istio.io/inject": "false", "istio.io/rev": null}, annotations: none},
	}
}

const keys = new Set(["istio-injection", "istio.io/rev", "proxy.istio.io/config"])
const prefixes = ["sidecar.istio.io/", "traffic.sidecar.istio.io/"]

/** Labels and annotations of the namespace and of the pod template. */
export function owns(key: string): boolean {
	return keys.has(key) || prefixes.some((prefix) => key.startsWith(prefix))
}
