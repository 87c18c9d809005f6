import {expect, test} from "vitest"
import {allow, deny, type Request} from "../../profiles/policy/request.ts"
import {snapshotOf} from "../../profiles/snapshot/snapshot.ts"
import {nothingTranslated} from "../../profiles/translate/types.ts"
import {translationReasons} from "./translation-reasons.ts"

const request: Request = {
	source: {namespace: "shop", serviceAccount: "web", labels: {}, ip: "10.0.0.1"},
	destination: {namespace: "shop", labels: {app: "cart"}, ip: "10.0.0.2", port: 8080},
	http: {method: "DELETE", path: "/", host: "cart", headers: {}},
}
const scene = {snapshot: snapshotOf([]), name: "shop", facts: {census: {pods: new Map()}}} as never
const nobody = {guarded: false, strict: false, headless: []}

test("one request that some moment admits refuses the plan, and is told with both of its deciders", () => {
	const hole = {request, before: deny("p rule 0"), after: allow("no ALLOW policy"), moment: "the end"}
	const check = {requests: 40, wider: [hole], narrower: []}
	const [reason] = translationReasons(scene, {made: nothingTranslated, check, ...nobody})
	expect(reason).toMatchObject({code: "TranslationWidens", severity: "block"})
	expect(reason?.message).toBe(
		"At the end DELETE cart/ from shop/web (10.0.0.1, in no mesh) to the pod app=cart:8080 would be allowed by no ALLOW policy; today it is denied by p rule 0. 1 of 40 requests differ so.",
	)
})

test("a field that is approximated is told with its path", () => {
	const fields = [{path: "spec.rules[0]", verdict: "approximated", note: "it is narrower"}] as const
	const translations = [
		{source: "AuthorizationPolicy/shop/p", verdict: "approximated", fields, objects: []},
	] as const
	const [reason] = translationReasons(scene, {made: {...nothingTranslated, translations}, ...nobody})
	expect(reason).toMatchObject({
		code: "PolicyApproximated",
		severity: "accept",
		message: "AuthorizationPolicy/shop/p: spec.rules[0]: it is narrower.",
	})
})
