import {expect, test} from "vitest"
import {refusedBy} from "./admission.ts"

/* Messages as Kubernetes 1.36 wrote them. */
const cases: readonly (readonly [string, string])[] = [
	['admission webhook "labels.example.com" denied the request: no', "the webhook labels.example.com"],
	[
		'Internal error occurred: failed calling webhook "a.example.com": failed to call webhook: Post "https://127.0.0.1:1/": dial tcp',
		"the webhook a.example.com",
	],
	[
		"deployments.apps \"web\" is forbidden: ValidatingAdmissionPolicy 'no-labels' with binding 'all' denied request: no",
		"the ValidatingAdmissionPolicy no-labels",
	],
	[
		'pods "web-1" is forbidden: exceeded quota: small, requested: cpu=2, used: cpu=1, limited: cpu=1',
		"the ResourceQuota small",
	],
	['pods "web-1" is forbidden: maximum cpu usage per Container is 1, but limit is 2', "a LimitRange"],
	[
		'pods "web-1" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
		"Pod Security restricted:latest",
	],
]

test.each(cases)("%s", (message, who) => {
	const found = refusedBy(message)
	expect(found?.who).toBe(who)
	expect(found?.fix).toMatch(/^[A-Z].*[^.]$/)
})

test("a permission that is missing is none of these", () => {
	expect(
		refusedBy('deployments.apps "web" is forbidden: User "heddle" cannot patch resource'),
	).toBeUndefined()
})
