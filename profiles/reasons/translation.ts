import type {CatalogueEntry} from "./catalogue.ts"

export const translationReasons = {
	PolicyNotTranslatable: {
		severity: "block",
		doc: "A policy or a route has no equivalent on the target that is known to decide the same. Nothing that would widen access, or that nobody can judge, is approximated.",
		fix: "Change the field that the message names, or write the target's own policy by hand and delete this one.",
	},
	PolicyApproximated: {
		severity: "accept",
		doc: "The target's equivalent of a policy or a route differs from it. It never allows what was denied; it may deny what was allowed, or route in another way.",
		fix: "Look at the fields of the translation, then accept the difference or change the source.",
	},
	PolicyFieldDropped: {
		severity: "accept",
		doc: "A field of a policy or a route has no meaning on the target and is left out. It does not decide about access.",
		fix: "Look at the fields of the translation, then accept the loss.",
	},
	TranslationWidens: {
		severity: "block",
		doc: "Before a move, requests at the boundaries of the namespace's own policies are put to reference evaluators of both policy languages. One that is denied now would be allowed at some moment of the move. That is a fault in a translation or in an evaluator.",
		fix: "Report it with the policy that the message names; write the target's policy by hand.",
	},
	TranslationNarrows: {
		severity: "accept",
		doc: "Before a move, requests at the boundaries of the namespace's own policies are put to reference evaluators of both policy languages. One that is allowed now would be denied after it.",
		fix: "Look whether the request that the message names is one that somebody sends, then accept it.",
	},
	PoliciesCompared: {
		severity: "info",
		doc: "Requests at the boundaries of the namespace's own policies were put to reference evaluators of both policy languages, for every moment of the move. None that is denied now would be allowed.",
		fix: "Nothing to do.",
	},
	TranslationOrderUnproven: {
		severity: "accept",
		doc: "The plan carries policies of a waypoint over to sidecars. Reference evaluators have compared the decisions at every moment of the move; the order itself has not been proved on real traffic.",
		fix: "Try it on a copy of the namespace first, then accept it.",
	},
	TranslationNameTaken: {
		severity: "block",
		doc: "An object that is not Heddle's has the name that a translated one would get.",
		fix: "Rename that object.",
	},
	SourceOwnedByGitOps: {
		severity: "accept",
		doc: "A GitOps controller writes a policy that the move replaces. It may bring the policy back, where the target reads it wrongly: it then denies too much.",
		fix: "Take the policy out of git when the move has begun, or let the controller ignore it.",
	},
	SidecarCallersRefusedByGuard: {
		severity: "accept",
		doc: "A guard keeps everyone out who comes past the waypoint, since ztunnel cannot check rules about HTTP. Callers with sidecars skip the waypoint (istio#51445): pods that have moved refuse them until these callers have moved as well.",
		fix: "Move the callers first, or accept that their calls are refused in the meantime.",
	},
	OutsideCallersRefusedByGuard: {
		severity: "accept",
		doc: "mTLS is not strict, and there are pods outside of every mesh. They cannot go through a waypoint, so the guard of policies about HTTP refuses them at pods that have moved, also where a policy admits callers without identity. Without metrics nobody knows whether they call.",
		fix: "Bring these callers into the mesh first, or accept it if none of them calls.",
	},
	HeadlessCallsRefusedByGuard: {
		severity: "accept",
		doc: "A headless Service gives callers the addresses of the pods themselves, which no waypoint stands in front of. The guard of policies about HTTP refuses such calls at pods that have moved.",
		fix: "Let callers use a Service with an address, or accept it.",
	},
} as const satisfies Record<string, CatalogueEntry>
