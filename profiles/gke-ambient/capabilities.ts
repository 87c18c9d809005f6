import {pages} from "../apis/gke/pages.ts"
import {capabilityRows, type Row} from "../capability-row.ts"
import {features} from "../features.ts"

/** The first version of the preview; an earlier text of the same page names 1.35.2-gke.1842000. */
const preview = ">=1.36.4"

const special: readonly Row[] = [
	["MTLSStrict", "preview", pages.ambientSecurity, "by a GCPServerTLSPolicy", preview],
	[
		"MTLSPermissive",
		"preview",
		pages.ambientSecurity,
		"server-first protocols and TLS of applications break",
		preview,
	],
	["L4Authorization", "preview", pages.ambientSecurity, "by a GCPAuthzPolicy", preview],
	["TCPRouting", "preview", pages.ambientOverview, "by a TCPRoute", preview],
	[
		"L4Metrics",
		"preview",
		pages.ambientOverview,
		"by the label networking.gke.io/ambient-network-metrics",
		preview,
	],
	["LiveEnrolment", "preview", pages.ambient, "by the label of the namespace", preview],
	["LiveLeaving", "preview", pages.ambient, "inferred: by the label of the namespace", preview],
]

const isSpecial = (feature: Row[0]) => special.some(([name]) => name === feature)

/** A mesh of L4 in preview. What its pages do not name it does not have. */
export const capabilities = capabilityRows("*", [
	...special,
	...features
		.filter((feature) => !isSpecial(feature))
		.map((feature): Row => [feature, "no", pages.ambientOverview, "not among what the preview offers"]),
])
