import {policy} from "../../../../../profiles/testing/builders.ts"
import {linkerdPolicy} from "../../../../../profiles/testing/linkerd.ts"
import {controlPlanes} from "../../../../plan/testing/cluster.ts"
import {scene} from "../scenes.ts"
import {Story} from "../story.ts"
import {onLinkerd, onSidecars, swift, type Told} from "./told.ts"

const denyDelete = policy("AuthorizationPolicy", "deny-delete", {
	selector: {matchLabels: {app: "cart"}},
	action: "DENY",
	rules: [{to: [{operation: {methods: ["DELETE"]}}]}],
})
const onlyWeb = policy("AuthorizationPolicy", "nobody-but-web", {
	selector: {matchLabels: {app: "cart"}},
	action: "DENY",
	rules: [{from: [{source: {notPrincipals: ["cluster.local/ns/shop/sa/web"]}}]}],
})

const moving = () =>
	new Story(
		scene({
			mode: "Sidecarless",
			labels: {"istio-injection": "enabled"},
			workloads: onSidecars,
			spec: {
				migration: {...swift.migration, accept: ["WaypointOrderUnproven", "SidecarCallersRefusedByGuard"]},
			},
			objects: [denyDelete, onlyWeb],
		}),
	)

const leavingLinkerd = () =>
	new Story(
		scene({
			mode: "Sidecar",
			annotations: {"linkerd.io/inject": "enabled"},
			workloads: onLinkerd,
			spec: {
				dataplane: {mode: "Sidecar", provider: "istio-sidecar"},
				migration: {...swift.migration, accept: ["PlaintextHop", "IdentityNotShared"]},
			},
			objects: [
				...controlPlanes.linkerd(),
				linkerdPolicy("Server", "cart-http", {podSelector: {matchLabels: {app: "cart"}}, port: 8080}),
				linkerdPolicy("AuthorizationPolicy", "only-web", {
					targetRef: {group: "policy.linkerd.io", kind: "Server", name: "cart-http"},
					requiredAuthenticationRefs: [{kind: "ServiceAccount", name: "web"}],
				}),
			],
		}),
	)

const toLinkerd = () =>
	new Story(
		scene({
			mode: "Sidecar",
			labels: {"istio-injection": "enabled"},
			workloads: onSidecars,
			spec: {
				dataplane: {mode: "Sidecar", provider: "linkerd"},
				migration: {
					...swift.migration,
					accept: ["PlaintextHop", "IdentityNotShared", "LinkerdAdmitsProbes"],
				},
			},
			objects: [
				...controlPlanes.linkerd(),
				policy("AuthorizationPolicy", "only-web", {
					selector: {matchLabels: {app: "cart"}},
					action: "ALLOW",
					rules: [{from: [{source: {principals: ["cluster.local/ns/shop/sa/web"]}}]}],
				}),
			],
		}),
	)

/** Policies that the target enforces in its own words. */
export const translated: readonly Told[] = [
	{
		name: "policies-carried-over",
		about: "Policies come to the waypoint before any pod moves; what only sidecars read goes last.",
		happens: () => moving().goOn(),
	},
	{
		name: "policies-taken-back",
		about:
			"The same, and then back: what sidecars read is there again before the first pod is, and what was brought goes last.",
		happens: () =>
			moving().goOn().editBinding("wants the namespace back as it was", {target: "Previous"}).goOn(),
	},
	{
		name: "sidecar-to-linkerd",
		about:
			"Istio's rules are there as Linkerd's before any pod moves; pods that are closed are made so; and back.",
		happens: () =>
			toLinkerd().goOn().editBinding("wants the namespace back as it was", {target: "Previous"}).goOn(),
	},
	{
		name: "linkerd-to-sidecar",
		about:
			"Linkerd's rules are there as Istio's before any pod moves, and back in Linkerd's words before the first pod is; Istio's go last.",
		happens: () =>
			leavingLinkerd().goOn().editBinding("wants the namespace back as it was", {target: "Previous"}).goOn(),
	},
]
