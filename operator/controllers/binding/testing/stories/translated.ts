import {policy} from "../../../../../profiles/testing/builders.ts"
import {scene} from "../scenes.ts"
import {Story} from "../story.ts"
import {onSidecars, swift, type Told} from "./told.ts"

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

/** Policies that a waypoint has to check. */
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
]
