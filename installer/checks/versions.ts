import {conflictsOf} from "../../profiles/conflicts/conflicts.ts"
import {conflictReasons} from "../../profiles/conflicts/reasons.ts"
import {skews} from "../../profiles/conflicts/skew.ts"
import {CustomResourceDefinition} from "../../profiles/conflicts/stack.ts"
import {plural} from "../../profiles/names.ts"
import type {Reason} from "../../profiles/reason.ts"
import * as kinds from "../../profiles/snapshot/kinds.ts"
import type {Outcome, PureCheck, Scene, Severity} from "./types.ts"

type Code = keyof typeof conflictReasons
type Row = readonly [id: string, code: Code, title: string, severity: Severity]

/** Each code of the table of conflicts is a check of its own: the same sentence in a plan and here. */
const rows: readonly Row[] = [
	["version-conflict", "VersionConflict", "no two versions are known not to work together", "error"],
	["version-not-tested", "VersionNotTested", "every version is one that its project tests", "warning"],
	[
		"gateway-api-windows",
		"GatewayAPIWindowsDisjoint",
		"one version of the Gateway API suits every dataplane",
		"warning",
	],
	[
		"proxy-leads-control-plane",
		"DataplaneLeadsControlPlane",
		"no proxy is newer than its control plane",
		"error",
	],
	[
		"proxy-trails-control-plane",
		"DataplaneTrailsControlPlane",
		"no proxy was left behind by an upgrade",
		"warning",
	],
]

export const versionChecks: readonly PureCheck[] = [
	{
		id: "gateway-api-crds",
		group: "Versions",
		title: "the CRDs of the Gateway API are installed",
		severity: "warning",
		doc: "Waypoints, GAMMA routes and most gateways are objects of the Gateway API. Without its CRDs a namespace whose rules need a waypoint cannot go to a sidecarless dataplane.",
		fix: "Install the CRDs of the Gateway API, in a version that suits the dataplanes.",
		reads: [CustomResourceDefinition],
		look: ({stack: {gatewayAPI}, knowsDefinitions}) => {
			if (gatewayAPI !== undefined) return {seen: `Gateway API ${gatewayAPI}`, findings: []}
			if (!knowsDefinitions) return {notRun: "no CustomResourceDefinition was read"}
			return {
				seen: "CustomResourceDefinitions",
				findings: [{message: "the CRDs of the Gateway API are not installed"}],
			}
		},
	},
	...rows.map(
		([id, code, title, severity]): PureCheck => ({
			id,
			group: "Versions",
			title,
			severity,
			doc: conflictReasons[code].doc,
			fix: conflictReasons[code].fix,
			reads: [kinds.Node, kinds.Deployment],
			look: (scene) => told(scene, code),
		}),
	),
]

function told(scene: Scene, code: Code): Outcome {
	const {members} = scene.stack
	if (members.length === 0) return {notRun: "no dataplane with a version of its own is installed"}
	const unknown = members.filter(({version}) => version === undefined)
	if (unknown.length === members.length) return {notRun: "no dataplane tells its version"}
	const found: readonly Reason[] = [...conflictsOf(scene.stack), ...skews(scene.snapshot)]
	const named = members.map(({name, version}) =>
		version === undefined ? `${name} (unknown)` : `${name} ${version}`,
	)
	return {
		seen: `${plural(members.length, "installation")}: ${[...new Set(named)].join(", ")}`,
		findings: found.filter((one) => one.code === code).map(({message}) => ({message})),
	}
}
