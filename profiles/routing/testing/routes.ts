import fc from "fast-check"
import type {KubeObject, StringMap} from "../../snapshot/object.ts"
import {pod, policy, service} from "../../testing/builders.ts"
import type {RoutedRequest} from "../request.ts"

/** `cart` with three versions, which have policies of their own, and `ledger` under two ports. */
export const services = [
	service("cart", {ports: [{name: "http", port: 80, targetPort: 8080}]}),
	service("web", {ports: [{name: "http", port: 80, targetPort: 8080}]}),
	service("ledger", {
		ports: [
			{name: "http", port: 8080},
			{name: "admin", port: 9090},
		],
	}),
]

export const pods = ["v1", "v2"].map((version) => pod(`cart-${version}`, {labels: {app: "cart", version}}))

export const destinationRule = policy("DestinationRule", "cart", {
	host: "cart",
	trafficPolicy: {loadBalancer: {simple: "LEAST_REQUEST"}},
	subsets: [
		{name: "v1", labels: {version: "v1"}},
		{name: "v2", labels: {version: "v2"}, trafficPolicy: {loadBalancer: {simple: "RANDOM"}}},
	],
})

const paths = ["/", "/v1", "/v1/", "/v1/items", "/v1x", "/v2/items", "/a.b", "/aXb"]

/** Texts that overlap, so that more than one rule matches a request. */
const text = (values: readonly string[], regex: readonly string[]) =>
	fc.oneof(
		{weight: 4, arbitrary: fc.constantFrom(...values).map((exact) => ({exact}))},
		{weight: 4, arbitrary: fc.constantFrom(...values).map((prefix) => ({prefix}))},
		{weight: 1, arbitrary: fc.constantFrom(...regex).map((one) => ({regex: one}))},
	)

/** Now and then; oftener with more weight. */
const some = <T>(arbitrary: fc.Arbitrary<T>, weight = 1): fc.Arbitrary<T | undefined> =>
	fc.oneof({weight, arbitrary}, {weight: 5, arbitrary: fc.constant(undefined)})

/** Without the members that are undefined, as an object of the API server is. */
const clean = <T>(value: T): T => JSON.parse(JSON.stringify(value))

const match = fc.record({
	uri: some(text(paths, ["/v[12].*", "/v1/.+"]), 5),
	ignoreUriCase: some(fc.boolean(), 1),
	method: some(fc.constantFrom({exact: "GET"}, {exact: "POST"}), 1),
	headers: some(
		fc.dictionary(fc.constantFrom("x-team", "x-beta"), text(["red", "re"], ["*", "r.d"]), {maxKeys: 2}),
		2,
	),
	queryParams: some(fc.dictionary(fc.constant("q"), text(["1", "10"], ["1.*"]), {maxKeys: 1}), 1),
})

const destination = fc.constantFrom(
	{host: "cart"},
	{host: "cart", subset: "v1"},
	{host: "cart.shop.svc.cluster.local", subset: "v2"},
	{host: "web", port: {number: 80}},
	{host: "ledger", port: {number: 9090}},
)

const change = fc.record({
	request: some(
		fc.record({
			set: some(fc.constant({"x-set": "1"})),
			add: some(fc.constant({"x-add": "2"})),
			remove: some(fc.constant(["x-team"])),
		}),
	),
	response: some(fc.record({set: some(fc.constant({"x-from": "cart"}))})),
})

const retries = fc.record({
	attempts: fc.constantFrom(0, 1, 2, 5),
	retryOn: some(
		fc.constantFrom(
			"connect-failure,refused-stream,unavailable,cancelled,503",
			"connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes,502,504",
			"5xx",
			"gateway-error,reset",
		),
	),
	perTryTimeout: some(fc.constantFrom("250ms", "2s", "9s")),
	backoff: some(fc.constantFrom("25ms", "1s")),
})

const mirror = fc.record({
	destination,
	percentage: some(fc.constantFrom({value: 0}, {value: 10}, {value: 0.5}, {value: 100})),
})

const redirect = fc.record({
	redirectCode: some(fc.constantFrom(301, 302, 308)),
	uri: some(fc.constant("/gone")),
	authority: some(fc.constantFrom("shop.example", "shop.example:8443")),
	scheme: some(fc.constantFrom("http", "https")),
	port: some(fc.constantFrom(80, 443, 8443), 1),
	derivePort: some(fc.constantFrom("FROM_REQUEST_PORT", "FROM_PROTOCOL_DEFAULT"), 1),
})

const route = fc.array(
	fc.record({destination, weight: fc.constantFrom(1, 10, 45), headers: some(change, 1)}),
	{minLength: 1, maxLength: 3},
)

const forward = fc.record({
	match: some(fc.array(match, {minLength: 1, maxLength: 2}), 8),
	route,
	timeout: some(fc.constantFrom("0s", "1.5s", "5s", "3m")),
	retries: some(retries, 2),
	headers: some(change, 1),
	mirrors: some(fc.array(mirror, {minLength: 1, maxLength: 2}), 1),
	rewrite: some(fc.constantFrom({uri: "/new"}, {authority: "other.example"}, {uri: "/", authority: "x"}), 1),
})

const rule = fc.oneof(
	{weight: 6, arbitrary: forward},
	{
		weight: 1,
		arbitrary: fc.record({match: some(fc.array(match, {minLength: 1, maxLength: 2}), 8), redirect}),
	},
)

/** A VirtualService of the Service `cart`. */
export const virtualService: fc.Arbitrary<KubeObject> = fc
	.array(rule, {minLength: 1, maxLength: 4})
	.map((http) => policy("VirtualService", "cart", clean({hosts: ["cart"], http})))

const without = (map: Readonly<Record<string, string | undefined>>): StringMap => clean(map) as StringMap

export const routedRequest: fc.Arbitrary<RoutedRequest> = fc
	.record({
		path: fc.constantFrom(...paths, "/V1/items", "/v1/items/7", "/other"),
		method: fc.constantFrom("GET", "POST", "DELETE"),
		team: fc.constantFrom(undefined, "red", "rad", "re"),
		beta: fc.constantFrom(undefined, "red", "blue"),
		q: fc.constantFrom(undefined, "1", "10", "2"),
	})
	.map(({path, method, team, beta, q}) => ({
		service: {namespace: "shop", name: "cart"},
		port: 80,
		path,
		method,
		headers: without({"x-team": team, "x-beta": beta}),
		query: without({q}),
		source: {namespace: "shop", labels: {app: "web"}},
	}))
