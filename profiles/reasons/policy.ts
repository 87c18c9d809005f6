import type {CatalogueEntry} from "./catalogue.ts"

const attach = "Attach the policy by targetRefs to the Service, and give the Service a waypoint."

export const policyReasons = {
	UnreadablePolicy: {
		severity: "block",
		doc: "A policy or a route has a field of another shape than its API knows. What it allows or denies is not known, so nothing can be promised.",
		fix: "Correct the field that the message names.",
	},
	L7DenyIsNoOpAtZtunnel: {
		severity: "block",
		doc: "A DENY policy with HTTP attributes would be evaluated by ztunnel, which drops these attributes. A clause that is left empty never matches: the policy, or one alternative of it, would stop denying (fail-open), although Istio's guide says that it denies everything.",
		fix: attach,
	},
	L7DenyOverDeniesAtZtunnel: {
		severity: "block",
		doc: "A DENY policy with HTTP attributes and L4 ones would be evaluated by ztunnel without the HTTP attributes: it would deny the whole port or the whole caller.",
		fix: attach,
	},
	L7AllowOverDeniesAtZtunnel: {
		severity: "block",
		doc: "An ALLOW policy with HTTP attributes would be evaluated by ztunnel, which drops each such rule: requests that the rule allows would be denied.",
		fix: attach,
	},
	TrustDomainsLeftOutAtZtunnel: {
		severity: "block",
		doc: "An ALLOW policy names trust domains and, beside them, callers. istiod hands it to ztunnel without the trust domains and without a warning: callers of the same name from every trust domain would be let in.",
		fix: attach,
	},
	ActionUnsupportedAtZtunnel: {
		severity: "block",
		doc: "ztunnel knows ALLOW and DENY only. A policy with CUSTOM or AUDIT would be ignored.",
		fix: attach,
	},
	DryRunEnforcedAtZtunnel: {
		severity: "block",
		doc: "A policy in dry run is only meant to be logged. istiod is told to send such policies to ztunnel (AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY), and a ztunnel before 1.29 enforces them.",
		fix: "Bring every ztunnel to 1.29 or newer, or switch that setting of istiod off.",
	},
	JWTNotVerifiedAtZtunnel: {
		severity: "block",
		doc: "A RequestAuthentication that selects pods is not looked at in ambient: invalid tokens would pass.",
		fix: attach,
	},
	ExtensionNotRunAtZtunnel: {
		severity: "block",
		doc: "A WasmPlugin or TrafficExtension that selects pods does not run in ambient: ztunnel runs no extensions.",
		fix: "Attach the extension by targetRefs to a waypoint.",
	},
	PolicyTargetsMissingWaypoint: {
		severity: "block",
		doc: "A policy has targetRefs to a Service or a Gateway without a waypoint that is programmed. ztunnel then goes straight to the pods and the policy is skipped: a missing waypoint means allow.",
		fix: "Deploy the waypoint, label the Service or the namespace with istio.io/use-waypoint, and wait until the Gateway is Programmed.",
	},
	PeerAuthenticationDisableIgnored: {
		severity: "block",
		doc: "A PeerAuthentication with the mode DISABLE is ignored in ambient: enrolled pods always speak mTLS with each other.",
		fix: "Remove the mode DISABLE, or leave these workloads out of ambient.",
	},
	SidecarCallersBypassWaypoint: {
		severity: "accept",
		doc: "Callers with sidecars reach an ambient Service directly and skip its waypoint (istio#51445). As long as such callers are there, policies that are attached to the waypoint do not hold for them; L4 rules do.",
		fix: "Move the callers first, or accept the window in which they run on L4 rules.",
	},
	EgressRestrictionIgnored: {
		severity: "block",
		doc: "A Sidecar resource, or the settings of the whole mesh, limit what the namespace may reach (REGISTRY_ONLY). Without sidecars of Istio's nobody applies the limit: calls to any host would pass.",
		fix: "Limit egress by a NetworkPolicy or at an egress gateway, then remove the Sidecar resource, or where the mesh says it write one with ALLOW_ANY.",
	},
	SidecarResourceIgnored: {
		severity: "info",
		doc: "A Sidecar resource tunes sidecars only; ambient does not look at it.",
		fix: "Remove it once no pod of the namespace has a sidecar.",
	},
	TargetRefsIgnoredBySidecar: {
		severity: "block",
		doc: "A policy that is attached to a Service or a waypoint by targetRefs is not looked at by sidecars: it would stop being enforced.",
		fix: "Write a copy of the policy that selects the pods, before the first one gets a sidecar.",
	},
	AuthorizationStopsBeingEnforced: {
		severity: "block",
		doc: "An AuthorizationPolicy of Istio's holds for the namespace. Outside of Istio nobody enforces it: access would widen.",
		fix: "Replace it by a NetworkPolicy or in the application, then remove it.",
	},
	JWTStopsBeingVerified: {
		severity: "block",
		doc: "A RequestAuthentication holds for the namespace. Outside of Istio nobody verifies tokens by it.",
		fix: "Verify tokens in the application or at the gateway, then remove it.",
	},
	StrictMTLSStopsBeingEnforced: {
		severity: "block",
		doc: "mTLS is strict for the namespace by a PeerAuthentication. Outside of Istio nobody applies it, and its pods accept plaintext.",
		fix: "Set the namespace to PERMISSIVE first, knowing what that opens.",
	},
	IdentityLostForPeers: {
		severity: "block",
		doc: "A policy of another namespace admits or refuses this one by its mesh identity. In another mesh or in none its calls carry another one or none: what was admitted is denied, what was refused by name may pass.",
		fix: "Change that policy so that it does not depend on the identity.",
	},
} as const satisfies Record<string, CatalogueEntry>
