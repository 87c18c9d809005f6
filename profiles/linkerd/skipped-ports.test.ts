import {expect, test} from "vitest"
import type {KubeObject} from "../snapshot/object.ts"
import {snapshotOf} from "../snapshot/snapshot.ts"
import {deployment, namespace} from "../testing/builders.ts"
import {brief} from "../testing/cases.ts"
import {linkerdPolicy} from "../testing/linkerd.ts"
import {skippedPortHazards} from "./skipped-ports.ts"

const skips = (ports: string) => ({"config.linkerd.io/skip-inbound-ports": ports})
const cart = (annotations?: Readonly<Record<string, string>>) =>
	deployment("cart", {
		template: {
			...(annotations ? {metadata: {annotations}} : {}),
			spec: {containers: [{name: "app", ports: [{name: "http", containerPort: 8080}]}]},
		},
	})
const server = (spec: object = {}) =>
	linkerdPolicy("Server", "http", {podSelector: {matchLabels: {app: "cart"}}, port: "http", ...spec})
const hazard = "block LinkerdServerOnSkippedPort Server/shop/http"
const shop = namespace("shop")

const cases: readonly (readonly [string, readonly KubeObject[], readonly string[]])[] = [
	["a Server on a skipped port guards nobody", [shop, cart(skips("8080")), server()], [hazard]],
	[
		"a range counts, and a port by its number",
		[shop, cart(skips("25,8000-8100")), server({port: 8080})],
		[hazard],
	],
	["the namespace's annotation counts", [namespace("shop", {}, skips("8080")), cart(), server()], [hazard]],
	[
		"the pod's own annotation replaces that of the namespace",
		[namespace("shop", {}, skips("8080")), cart(skips("9090")), server()],
		[],
	],
	["another port is guarded as before", [shop, cart(skips("9090")), server()], []],
	[
		"a Server that refuses nobody loses nothing",
		[shop, cart(skips("8080")), server({accessPolicy: "audit"})],
		[],
	],
	[
		"a Server of other pods is not concerned",
		[shop, cart(skips("8080")), server({podSelector: {matchLabels: {app: "web"}}})],
		[],
	],
	["without the annotation nothing goes past the proxy", [shop, cart(), server()], []],
]

test.each(cases)("%s", (_, objects, wanted) => {
	expect(brief(skippedPortHazards(snapshotOf(objects), "shop"))).toEqual(wanted)
})
