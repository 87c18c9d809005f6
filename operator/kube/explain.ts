import {refusedBy} from "./admission.ts"
import {ConfigError} from "./config-error.ts"
import {type Doing, isKubeError, type KubeError} from "./errors.ts"

/** What went wrong, and what to do about it. */
export type Explanation = {readonly message: string; readonly next: string}

/** For people, of any error that this folder throws; undefined for others. */
export function explain(error: unknown): Explanation | undefined {
	if (error instanceof ConfigError) return {message: error.message, next: error.fix}
	if (!isKubeError(error)) return undefined
	return {message: error.message, next: next(error)}
}

function next(error: KubeError): string {
	const admission = refusedBy(error.said)
	return (
		(admission && `${admission.fix}, then try again.`) ??
		byReason[error.reason]?.(error) ??
		byCode[error.code]?.(error) ??
		"Try again; if it persists, look at the API server's log."
	)
}

const byReason: Readonly<Record<string, (error: KubeError) => string>> = {
	Unreachable: () =>
		"Check that the cluster runs and that the server address of the context is right (kubectl cluster-info), or choose another with --context or --kubeconfig.",
	Certificate: () =>
		"The API server's certificate is not signed by the certificate-authority of the kubeconfig, or has expired. Fetch a fresh kubeconfig; do not turn verification off.",
	Timeout: () => "The API server is reachable but slow. Try again, or give it longer with --timeout.",
	BadResponse: () =>
		"Something between here and the API server answered. Check the server address of the context and any proxy.",
	KindNotServed: ({doing}) => missingKind(doing),
}

const byCode: Readonly<Record<number, (error: KubeError) => string>> = {
	401: () => "The credentials are missing, wrong or expired. Log in to the cluster again, then retry.",
	403: ({doing}) => `Ask for the permission to ${permission(doing)}, then check it with: ${canI(doing)}`,
	404: ({doing}) =>
		doing.name === undefined
			? missingKind(doing)
			: "Check the name and the namespace; the object may have been deleted meanwhile.",
	409: () =>
		"Someone else changed the object or owns the field. Run the command again; if another tool owns the field, settle who decides.",
	410: () => "The version asked for is too old. Run the command again.",
	422: ({causes}) =>
		causes.length === 0 ? "Correct the object and try again." : `Correct ${causes.join("; ")}.`,
	429: () => "The API server is busy and throttles. Try again in a while.",
}

function missingKind({resource}: Doing): string {
	if (resource.endsWith(".heddle.dev"))
		return "Heddle's CRDs are not installed. Install them with: kubectl apply --server-side -f crds/"
	if (resource === "the served APIs")
		return "What answered is not a Kubernetes API server. Check the server address of the context."
	return `The cluster does not serve ${resource}. Install its CustomResourceDefinitions first.`
}

function permission({verb, resource, namespace}: Doing): string {
	return `${rbacVerb(verb)} ${resource}${namespace === undefined ? " in the whole cluster" : ` in the namespace ${namespace}`}`
}

function canI({verb, resource, namespace}: Doing): string {
	const [plain, subresource] = resource.split("/")
	return `kubectl auth can-i ${rbacVerb(verb)} ${plain}${subresource === undefined ? "" : ` --subresource=${subresource}`}${namespace === undefined ? " --all-namespaces" : ` -n ${namespace}`}`
}

/** RBAC knows no apply: Server-Side Apply needs patch. */
const rbacVerb = (verb: string) => (verb === "apply" ? "patch" : verb)
