import type {KubeError} from "./errors.ts"

/** What stands between a permitted request and the store: it refuses what was written, and not who wrote it. */
export type Admission = {readonly who: string; readonly fix: string}

/**
 * The words of Kubernetes' own API server; the codes tell nothing, since a webhook chooses its own and a quota answers
 * with that of a missing permission. Sources, of k8s.io/apiserver: pkg/admission/plugin/webhook/errors/statuserror.go,
 * pkg/admission/plugin/webhook/mutating/dispatcher.go, pkg/admission/plugin/policy/validating/dispatcher.go,
 * pkg/admission/plugin/resourcequota/controller.go.
 */
const words: readonly (readonly [RegExp, (name: string) => Admission])[] = [
	[
		/admission webhook "([^"]+)" denied the request/,
		(name) => ({
			who: `the webhook ${name}`,
			fix: `Change what the webhook ${name} objects to, or ask its owner for an exception`,
		}),
	],
	[
		/failed calling webhook "([^"]+)"/,
		(name) => ({
			who: `the webhook ${name}`,
			fix: `Bring what serves the webhook ${name} back, or delete its configuration`,
		}),
	],
	[
		/ValidatingAdmissionPolicy '([^']+)'/,
		(name) => ({
			who: `the ValidatingAdmissionPolicy ${name}`,
			fix: `Change what the ValidatingAdmissionPolicy ${name} objects to, or ask its owner for an exception`,
		}),
	],
	[
		/exceeded quota: ([^,\s]+)/,
		(name) => ({who: `the ResourceQuota ${name}`, fix: `Raise the ResourceQuota ${name}`}),
	],
	[
		/(?:maximum|minimum) \S+ usage per (?:Container|Pod)|max limit to request ratio per/,
		() => ({who: "a LimitRange", fix: "Change the LimitRange of the namespace"}),
	],
	[
		/violates PodSecurity "([^"]+)"/,
		(level) => ({
			who: `Pod Security ${level}`,
			fix: `Let the namespace admit such pods (pod-security.kubernetes.io/enforce), or choose a dataplane whose pods need less than ${level} forbids`,
		}),
	],
]

/** Who refused, by the message that the API server or a controller passes on; undefined when it was none of these. */
export function refusedBy(message: string): Admission | undefined {
	for (const [pattern, told] of words) {
		const found = pattern.exec(message)
		if (found !== null) return told(found[1] ?? "")
	}
	return undefined
}

export const isRefusedAtAdmission = ({said}: KubeError): boolean => refusedBy(said) !== undefined
