import {coerce, intersects, satisfies} from "semver"
import {listed} from "../names.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import type {Member, Stack} from "./stack.ts"
import {
	currentVersions,
	type Product,
	productOf,
	type Subject,
	titles,
	type Window,
	windows,
} from "./windows.ts"

/** Every conflict among what is installed. What tells no version is not judged. */
export function conflictsOf(stack: Stack): readonly Reason[] {
	const found = stack.members.flatMap((member, index) => [
		...windowsOf(member).flatMap((window) => violated(window, member, stack)),
		...stack.members.slice(index + 1).flatMap((other) => disjoint(member, other)),
	])
	return unique(found)
}

/** What would be added to the cluster. Without a version the current one is meant. */
export type Newcomer = {readonly dataplane: string; readonly version?: string}

const asked = new WeakMap<Stack, Map<string, readonly Reason[]>>()

/**
 * The conflicts that a dataplane would bring along: to be known before anything of it is installed. Every namespace of
 * a plan asks the same of the same stack, so the answer is kept with it.
 */
export function conflictsWith(stack: Stack, newcomer: Newcomer): readonly Reason[] {
	const known = asked.get(stack) ?? new Map<string, readonly Reason[]>()
	asked.set(stack, known)
	const key = `${newcomer.dataplane} ${newcomer.version ?? ""}`
	const found = known.get(key) ?? broughtBy(stack, newcomer)
	known.set(key, found)
	return found
}

function broughtBy(stack: Stack, {dataplane, version}: Newcomer): readonly Reason[] {
	const product = productOf[dataplane]
	const chosen = version ?? (product && currentVersion(product))
	if (product === undefined || chosen === undefined) return []
	const newcomer: Member = {product, name: `${titles[product]} ${chosen}`, version: chosen}
	const others = stack.members.filter((one) => one.product !== product)
	// A control plane of the newcomer's own product is replaced, or stands beside it as a revision of its own.
	const after: Stack = {...stack, members: [...stack.members, newcomer]}
	const told = others.flatMap((other) =>
		windowsOf(other)
			.filter(({subject}) => subject === product)
			.flatMap((window) => violated(window, other, after)),
	)
	return unique([
		...windowsOf(newcomer).flatMap((window) => violated(window, newcomer, after)),
		...others.flatMap((other) => disjoint(newcomer, other)),
		...told,
	])
}

const currentVersion = (product: Product): string | undefined =>
	product in currentVersions ? currentVersions[product as keyof typeof currentVersions] : undefined

/** The windows that hold for a version of a product, one per subject. */
export function windowsOf({product, version}: Pick<Member, "product" | "version">): readonly Window[] {
	const rows = windows.filter(
		(one) => one.product === product && (one.versions === "*" || within(version, one.versions) === true),
	)
	return rows.filter((row, index) => rows.findIndex(({subject}) => subject === row.subject) === index)
}

/** Undefined when there is no version to judge. A pre-release counts as the release that it leads to. */
function within(version: string | undefined, range: string): boolean | undefined {
	const found = coerce(version)
	return found === null ? undefined : satisfies(found, range)
}

type Seen = {readonly version: string; readonly where?: string}

function violated(window: Window, member: Member, stack: Stack): readonly Reason[] {
	const seen = seenOf(window.subject, member, stack)
	const subject = titles[window.subject]
	const needs = `${nameOf(member)} ${window.strength === "required" ? "needs" : "is tested with"} ${subject} ${window.range}`
	if (window.subject === "istio") {
		return seen.length === 0 && stack.isPart === true ? [] : ofIstio(window, seen, needs)
	}
	const outside = seen.filter(({version}) => within(version, window.range) === false)
	const [first] = outside
	if (first === undefined) return []
	const where = outside.flatMap((one) => one.where ?? [])
	const at = where.length === 0 ? "" : ` (${listed(where)})`
	return [said(window, `${needs}; the cluster has ${first.version}${at}`)]
}

/** Another product has to be there, in one of the versions: which of several serves it nobody can see. */
function ofIstio(window: Window, seen: readonly Seen[], needs: string): readonly Reason[] {
	if (seen.some(({version}) => within(version, window.range) === true)) return []
	const there =
		seen.length === 0 ? "none is installed" : `there is ${listed(seen.map(({version}) => version))}`
	return [said(window, `${needs}; ${there}`)]
}

function seenOf(subject: Subject, member: Member, stack: Stack): readonly Seen[] {
	switch (subject) {
		case "kubernetes":
			return stack.kubernetes === undefined ? [] : [{version: stack.kubernetes}]
		case "kernel":
			return stack.kernels.map(({node, version}) => ({version, where: node}))
		case "gateway-api":
			return stack.gatewayAPI === undefined || member.ignoresGatewayAPI === true
				? []
				: [{version: stack.gatewayAPI}]
		case "istio":
			return stack.members
				.filter(({product}) => product === "istio")
				.flatMap(({version}) => (version === undefined ? [] : [{version}]))
	}
}

/** Both read the same CRDs, and no version of them suits both. */
function disjoint(one: Member, other: Member): readonly Reason[] {
	if (one.product === other.product) return []
	const [a, b] = [one, other].map(gatewayAPIWindow)
	if (a === undefined || b === undefined || intersects(a.range, b.range)) return []
	const message = `${nameOf(one)} takes Gateway API ${a.range}, ${nameOf(other)} takes ${b.range}: no version of the CRDs suits both`
	return [reason("GatewayAPIWindowsDisjoint", {message})]
}

const gatewayAPIWindow = (member: Member): Window | undefined =>
	member.ignoresGatewayAPI === true
		? undefined
		: windowsOf(member).find(({subject}) => subject === "gateway-api")

const nameOf = ({name, version}: Member): string =>
	version === undefined || name.includes(version) ? name : `${name} ${version}`

function said({strength, note}: Window, message: string): Reason {
	const code = strength === "required" ? "VersionConflict" : "VersionNotTested"
	return reason(code, {message: `${message}${note === undefined ? "" : `: ${note}`}`})
}

function unique(reasons: readonly Reason[]): readonly Reason[] {
	return [...new Map(reasons.map((one) => [`${one.code} ${one.message}`, one])).values()]
}
