import type {Field} from "../../apis/read.ts"
import {refuseOthers} from "../known-fields.ts"
import {type HTTPRequest, isPortNamed, type Protocol, type Request} from "../request.ts"

export type HTTPRule = {
	readonly method?: string
	readonly path?: string
	readonly host?: string
	/** Names in lower case with what they have to be, or undefined where it is enough that they are there. */
	readonly headers: readonly (readonly [name: string, value: string | undefined])[]
}
type Port = {
	readonly protocol: Protocol | "ANY"
	/** The first and the last, or the name of a port of the pod that is called; absent for all of them. */
	readonly port?: string | readonly [first: number, last: number]
}
export type PortRule = {
	/** Undefined for all of them. */
	readonly ports: readonly Port[] | undefined
	/** Undefined where HTTP is not looked at. */
	readonly http: readonly HTTPRule[] | undefined
}

const protocols = ["ANY", "TCP", "UDP", "SCTP"] as const

/** Answers to DNS queries decide about later connections, not about the one that asks: `dns` limits none here. */
export function portRuleOf(field: Field): PortRule {
	refuseOthers(field, ["ports", "rules"])
	refuseOthers(field.at("rules"), ["http", "dns"])
	const ports = field.at("ports").items().map(portOf)
	const http = field.at("rules").at("http")
	return {
		ports: ports.length === 0 ? undefined : ports,
		http: http.items().length > 0 ? http.items().map(httpOf) : undefined,
	}
}

function portOf(field: Field): Port {
	refuseOthers(field, ["port", "endPort", "protocol"])
	const protocol = field.at("protocol").word(protocols) ?? "ANY"
	const text = field.at("port").text() ?? "0"
	if (!/^\d+$/.test(text)) return {protocol, port: text}
	const first = Number(text)
	return first === 0 ? {protocol} : {protocol, port: [first, field.at("endPort").integer() || first]}
}

function httpOf(field: Field): HTTPRule {
	refuseOthers(field, ["method", "path", "host", "headers"])
	const [method, path, host] = ["method", "path", "host"].map((key) => field.at(key).text())
	return {
		...(method === undefined ? {} : {method}),
		...(path === undefined ? {} : {path}),
		...(host === undefined ? {} : {host}),
		headers: field.at("headers").texts().map(headerOf),
	}
}

/** `X-Team: red`, or `X-Team` alone. */
function headerOf(text: string): readonly [string, string | undefined] {
	const [name = "", ...value] = text.split(" ")
	return [name.replace(/:$/, "").toLowerCase(), value.length === 0 ? undefined : value.join(" ")]
}

export const isOnPort = ({ports}: PortRule, {destination, protocol: used = "TCP"}: Request): boolean =>
	ports === undefined ||
	ports.some(({protocol, port}) => {
		if (protocol !== "ANY" && protocol !== used) return false
		if (port === undefined) return true
		if (typeof port === "string") return isPortNamed(port, destination)
		return port[0] <= destination.port && destination.port <= port[1]
	})

/** Regular expressions of the whole text; an empty one says nothing. */
const fits = (pattern: string | undefined, text: string): boolean =>
	pattern === undefined || pattern === "" || new RegExp(`^(?:${pattern})$`).test(text)

/** Cilium compares the path with its query. */
const pathWithQuery = ({path, query}: HTTPRequest): string =>
	query === undefined ? path : `${path}?${query}`

/** A connection that is not HTTP is refused where only HTTP is admitted. */
export const admitsHTTP = ({method, path, host, headers}: HTTPRule, {http}: Request): boolean =>
	http !== undefined &&
	fits(method, http.method) &&
	fits(path, pathWithQuery(http)) &&
	fits(host, http.host) &&
	headers.every(([name, value]) =>
		value === undefined ? http.headers[name] !== undefined : http.headers[name] === value,
	)
