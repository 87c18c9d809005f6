import {satisfies} from "semver"
import {authorizationsFor, readAuthorization} from "../apis/istio/authorization.ts"
import {controlPlanes, environmentOf} from "../apis/istio/control-plane.ts"
import type {Move} from "../dataplane.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import {refOf} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"

const sends = "AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY"

/**
 * istiod keeps policies in dry run from ztunnel unless it is told to send them. A ztunnel before 1.29 does not know
 * the field that says so, and enforces them.
 * Source: https://istio.io/latest/news/releases/1.29.x/announcing-1.29/upgrade-notes/
 */
export function dryRunHazards(snapshot: Snapshot, {namespace, to}: Move): readonly Reason[] {
	const plane = controlPlanes(snapshot).find(({revision}) => revision === to.revision)
	if (plane === undefined || environmentOf(plane, sends) !== "true") return []
	if (to.version !== undefined && satisfies(to.version, ">=1.29.0", {includePrerelease: true})) return []
	return authorizationsFor(snapshot, namespace)
		.filter((object) => {
			const {dryRun, targetRefs} = readAuthorization(object).value
			return dryRun && targetRefs.length === 0
		})
		.map((object) => {
			const message = `${refOf(object)} is in dry run; istiod has ${sends} on, and ztunnel is ${to.version ?? "of an unknown version"}.`
			return reason("DryRunEnforcedAtZtunnel", {object: refOf(object), message})
		})
}
