import {expect, test} from "vitest"
import type {KubeObject} from "../snapshot/object.ts"
import {snapshotOf} from "../snapshot/snapshot.ts"
import {deployment, policy} from "../testing/builders.ts"
import {brief, moveTo} from "../testing/cases.ts"
import {dryRunHazards} from "./dry-run.ts"

const istiod = (value?: string) => {
	const env = value === undefined ? [] : [{name: "AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY", value}]
	const labels = {app: "istiod", "istio.io/rev": "default"}
	const containers = [{name: "discovery", image: "registry.istio.io/release/pilot:1.29.3", env}]
	return deployment("istiod", {namespace: "istio-system", labels, template: {spec: {containers}}})
}
const dry = {annotations: {"istio.io/dry-run": "true"}}
const onPods = policy("AuthorizationPolicy", "p", {action: "ALLOW"}, dry)
const onService = policy("AuthorizationPolicy", "p", {targetRefs: [{kind: "Service", name: "cart"}]}, dry)
const hazard = "block DryRunEnforcedAtZtunnel AuthorizationPolicy/shop/p"

const cases: readonly (readonly [string, readonly KubeObject[], string | undefined, readonly string[]])[] = [
	["an old ztunnel enforces what it is sent", [istiod("true"), onPods], "1.28.3", [hazard]],
	["a ztunnel of an unknown version counts as old", [istiod("true"), onPods], undefined, [hazard]],
	["from 1.29 on ztunnel only logs it", [istiod("true"), onPods], "1.29.0", []],
	["by default istiod does not send it", [istiod(), onPods], "1.28.3", []],
	["what is switched off is not sent", [istiod("false"), onPods], "1.28.3", []],
	["a policy of a waypoint is no matter of ztunnel's", [istiod("true"), onService], "1.28.3", []],
]

test.each(cases)("%s", (_name, objects, version, wanted) => {
	const {version: _, ...to} = moveTo("istio-ambient").to
	const move = {namespace: "shop", to: version === undefined ? to : {...to, version}}
	expect(brief(dryRunHazards(snapshotOf(objects), move))).toEqual(wanted)
})
