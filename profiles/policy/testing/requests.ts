import fc from "fast-check"
import {service} from "../../testing/builders.ts"
import type {Callee, Caller, HTTPRequest, Request} from "../request.ts"

/** The pods of the namespace `shop` that requests go to; `worker` has no Service. */
export const pods = [
	{labels: {app: "cart", tier: "backend"}, ports: {http: 8080}},
	{labels: {app: "ledger", tier: "backend"}, ports: {http: 8080}},
	{labels: {app: "web", tier: "front"}, ports: {http: 8080}},
	{labels: {app: "worker"}, ports: {}},
] as const

/** `cart` has one port under another number and one under the same; `web` goes by name. */
export const services = [
	service("cart", {
		ports: [
			{name: "http", port: 80, targetPort: 8080},
			{name: "admin", port: 9090, targetPort: 9090},
		],
	}),
	service("ledger", {ports: [{name: "http", port: 8080}]}),
	service("web", {ports: [{name: "http", port: 80, targetPort: "http"}]}),
]

const identity = (trustDomain: string, namespace: string, serviceAccount: string) => ({
	identity: {trustDomain, namespace, serviceAccount},
})

const callers: readonly Caller[] = [
	{namespace: "shop", serviceAccount: "web", labels: {app: "web"}, ip: "10.0.1.9"},
	{namespace: "shop", serviceAccount: "cart", labels: {app: "cart"}, ip: "10.0.2.7"},
	{namespace: "bank", serviceAccount: "pay", labels: {app: "pay"}, ip: "10.0.3.1"},
	{namespace: "bonk", serviceAccount: "web", labels: {app: "web"}, ip: "10.0.3.2"},
]

const caller: fc.Arbitrary<Caller> = fc
	.tuple(
		fc.constantFrom(...callers),
		fc.constantFrom("cluster.local", "cluster.local", "cluster.local", "other.domain", ""),
	)
	.map(([one, domain]) =>
		domain === "" ? one : {...one, ...identity(domain, one.namespace, one.serviceAccount)},
	)

const callee: fc.Arbitrary<Callee> = fc.constantFrom(
	...services.flatMap(({metadata: {name}, spec}) =>
		(spec?.ports ?? []).flatMap(({port, targetPort = port}) => {
			const {labels, ports} = pods.find(({labels: {app}}) => app === name) ?? pods[0]
			const own = typeof targetPort === "number" ? targetPort : (ports as Record<string, number>)[targetPort]
			const pod = {namespace: "shop", labels, portNames: ports, ip: "10.0.9.1", port: own ?? port}
			return [{...pod, service: {name, port}}, {...pod, service: {name, port}}, pod]
		}),
	),
	{namespace: "shop", labels: pods[3].labels, ip: "10.0.9.4", port: 8081},
	// A port that no Service leads to, such as one of metrics.
	{namespace: "shop", labels: pods[0].labels, portNames: pods[0].ports, ip: "10.0.9.1", port: 15999},
)

const token = fc.constantFrom(
	{issuer: "https://issuer.example", subject: "alice", audiences: ["shop"], claims: {group: ["admins"]}},
	{
		issuer: "https://other.example",
		subject: "bob",
		audiences: ["bank", "boat"],
		presenter: "kiosk",
		claims: {},
	},
)

const http: fc.Arbitrary<HTTPRequest> = fc
	.record({
		method: fc.constantFrom("GET", "DELETE", "POST", "PUT"),
		path: fc.constantFrom("/", "/admin", "/admin/", "/admin/users", "/api/open", "/adminx"),
		query: fc.constantFrom(undefined, undefined, "a=1"),
		host: fc.constantFrom("cart.shop", "CART.SHOP", "shop.example", "other", ""),
		team: fc.constantFrom(undefined, "red", "blue", ""),
		token: fc.option(token, {nil: undefined, freq: 2}),
	})
	.map(({team, token: given, query, ...rest}) => ({
		...rest,
		...(query === undefined ? {} : {query}),
		headers: team === undefined ? {} : {"x-team": team},
		...(given === undefined ? {} : {token: given}),
	}))

/** Requests to these pods, to a Service or straight to a pod, most of them HTTP. */
export const request: fc.Arbitrary<Request> = fc
	.record({source: caller, destination: callee, http: fc.option(http, {nil: undefined, freq: 6})})
	.map(({http: given, ...rest}) => (given === undefined ? rest : {...rest, http: given}))
