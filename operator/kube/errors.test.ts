import {expect, test} from "vitest"
import {ConfigError} from "./config-error.ts"
import {type Doing, errorOfResponse, retryAfterMs} from "./errors.ts"
import {explain} from "./explain.ts"

const refused = (code: number, doing: Doing, body: object | string = {}) =>
	errorOfResponse({
		code,
		body:
			typeof body === "string"
				? body
				: JSON.stringify({kind: "Status", code, message: "the server said so", ...body}),
		retryAfter: undefined,
		doing,
	})

const cases: readonly {
	readonly name: string
	readonly error: unknown
	readonly message: string
	readonly next: string
}[] = [
	{
		name: "401: log in again",
		error: refused(401, {verb: "list", resource: "pods"}),
		message: "cannot list pods: the server said so",
		next: "The credentials are missing, wrong or expired. Log in to the cluster again, then retry.",
	},
	{
		name: "403: names verb, resource and namespace",
		error: refused(403, {verb: "apply", resource: "deployments.apps", namespace: "shop", name: "cart"}),
		message: "cannot apply deployments.apps shop/cart: the server said so",
		next: "Ask for the permission to patch deployments.apps in the namespace shop, then check it with: kubectl auth can-i patch deployments.apps -n shop",
	},
	{
		name: "403 of a whole cluster, and of a subresource",
		error: refused(403, {verb: "apply", resource: "meshprofiles.heddle.dev/status", name: "payments"}),
		message: "cannot apply meshprofiles.heddle.dev/status payments: the server said so",
		next: "Ask for the permission to patch meshprofiles.heddle.dev/status in the whole cluster, then check it with: kubectl auth can-i patch meshprofiles.heddle.dev --subresource=status --all-namespaces",
	},
	{
		name: "404 of our own kinds: the CRDs are missing",
		error: refused(404, {verb: "list", resource: "meshprofiles.heddle.dev"}, "404 page not found\n"),
		message: "cannot list meshprofiles.heddle.dev: 404 page not found",
		next: "Heddle's CRDs are not installed. Install them with: kubectl apply --server-side -f crds/",
	},
	{
		name: "404 of an object",
		error: refused(404, {verb: "get", resource: "pods", namespace: "shop", name: "a"}, {reason: "NotFound"}),
		message: "cannot get pods shop/a: the server said so",
		next: "Check the name and the namespace; the object may have been deleted meanwhile.",
	},
	{
		name: "409",
		error: refused(409, {verb: "apply", resource: "namespaces", name: "shop"}),
		message: "cannot apply namespaces shop: the server said so",
		next: "Someone else changed the object or owns the field. Run the command again; if another tool owns the field, settle who decides.",
	},
	{
		name: "403 of a quota: no permission is missing",
		error: refused(
			403,
			{verb: "apply", resource: "gateways.gateway.networking.k8s.io", namespace: "shop", name: "w"},
			{
				message:
					'gateways "w" is forbidden: exceeded quota: small, requested: count/gateways=1, used: 0, limited: 0',
			},
		),
		message:
			'cannot apply gateways.gateway.networking.k8s.io shop/w: gateways "w" is forbidden: exceeded quota: small, requested: count/gateways=1, used: 0, limited: 0',
		next: "Raise the ResourceQuota small, then try again.",
	},
	{
		name: "403 of a webhook: its owner is to be asked",
		error: refused(
			403,
			{verb: "patch", resource: "deployments.apps", namespace: "shop", name: "cart"},
			{
				message: 'admission webhook "labels.example.com" denied the request: no foreign labels',
			},
		),
		message:
			'cannot patch deployments.apps shop/cart: admission webhook "labels.example.com" denied the request: no foreign labels',
		next: "Change what the webhook labels.example.com objects to, or ask its owner for an exception, then try again.",
	},
	{
		name: "422: names the fields",
		error: refused(
			422,
			{verb: "apply", resource: "meshprofiles.heddle.dev", name: "x"},
			{details: {causes: [{field: "spec.dataplane.mode", message: "Unsupported value"}]}},
		),
		message: "cannot apply meshprofiles.heddle.dev x: the server said so",
		next: "Correct spec.dataplane.mode: Unsupported value.",
	},
	{
		name: "429",
		error: refused(429, {verb: "list", resource: "pods"}),
		message: "cannot list pods: the server said so",
		next: "The API server is busy and throttles. Try again in a while.",
	},
	{
		name: "a proxy's page loses its tags",
		error: refused(502, {verb: "list", resource: "pods"}, "<html><h1>Bad Gateway</h1></html>"),
		message: "cannot list pods: Bad Gateway",
		next: "Try again; if it persists, look at the API server's log.",
	},
	{
		name: "a configuration brings its own advice",
		error: new ConfigError("there is no kubeconfig", "Give one."),
		message: "there is no kubeconfig",
		next: "Give one.",
	},
]
for (const {name, error, message, next} of cases) {
	test(`explains ${name}`, () => expect(explain(error)).toEqual({message, next}))
}

test("an error of the program is not explained away", () =>
	expect(explain(new TypeError("x"))).toBeUndefined())

test("Retry-After counts in seconds or names a date", () => {
	expect(retryAfterMs("3")).toBe(3_000)
	expect(retryAfterMs("Thu, 01 Jan 2026 00:00:10 GMT", Date.parse("2026-01-01T00:00:00Z"))).toBe(10_000)
	expect(retryAfterMs("soon")).toBeUndefined()
})

test("a Status tells its own wait, unless the header does", () => {
	const body = JSON.stringify({kind: "Status", code: 429, message: "slow", details: {retryAfterSeconds: 7}})
	const doing = {verb: "list", resource: "pods"}
	expect(errorOfResponse({code: 429, body, retryAfter: undefined, doing}).retryAfterMs).toBe(7_000)
	expect(errorOfResponse({code: 429, body, retryAfter: "1", doing}).retryAfterMs).toBe(1_000)
})
