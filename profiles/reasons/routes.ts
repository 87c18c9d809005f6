import type {CatalogueEntry} from "./catalogue.ts"

export const routeReasons = {
	VirtualServiceNotTranslated: {
		severity: "info",
		doc: "A VirtualService says something that an HTTPRoute has no words for, or that would be compared in another order. It stays as it is: sidecars and the waypoint read it, the waypoint as an alpha feature.",
		fix: "Change the field that the message names, or write the routes by hand.",
	},
	CallerMatchLostAtWaypoint: {
		severity: "block",
		doc: "A VirtualService has a match by labels or by the namespace of the caller. A waypoint leaves matches by labels out, and takes its own namespace for that of the caller: requests would go elsewhere.",
		fix: "Match by a header that the callers send, then delete the match by the caller.",
	},
	RoutesChangeHands: {
		severity: "info",
		doc: "HTTPRoutes take the place of VirtualServices before callers use the waypoint. Sidecars read them as well, in the namespace and everywhere else: a request meets one proxy with routes, that of its caller or the waypoint, and never both.",
		fix: "Nothing to do.",
	},
} as const satisfies Record<string, CatalogueEntry>
