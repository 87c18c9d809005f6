import {coerce, gte} from "semver"
import {routesIn} from "../../apis/gateway-api/features.ts"
import {readRoute} from "../../apis/gateway-api/routes.ts"
import {DestinationRule, VirtualService} from "../../apis/istio/kinds.ts"
import {virtualServicesFor} from "../../apis/istio/virtual-service.ts"
import {unreadable} from "../../apis/read.ts"
import {CustomResourceDefinition, gatewayAPIDefinition} from "../../conflicts/stack.ts"
import {annotationOf} from "../../pods.ts"
import {reason} from "../../reasons.ts"
import {rulesFor, serviceOfHost} from "../../routing/backends.ts"
import {readVirtualRoutes} from "../../routing/read-virtual-service.ts"
import * as kinds from "../../snapshot/kinds.ts"
import {type KubeObject, refOf, type StringMap} from "../../snapshot/object.ts"
import type {Service} from "../../snapshot/shapes.ts"
import {type Snapshot, snapshotOf} from "../../snapshot/snapshot.ts"
import {podsOf} from "../istio/behind.ts"
import {isOwned, ownedAnnotations} from "../owned.ts"
import {surroundingsIn} from "../pod-shapes.ts"
import type {Translated} from "../types.ts"
import {type Surrounding, type Version, versionName} from "./backends.ts"
import type {Channel} from "./retries.ts"
import {type CarriedRoute, toHTTPRoute} from "./to-http-route.ts"
import {versionsOf} from "./versions.ts"

/**
 * The VirtualServices of a namespace as HTTPRoutes, for a target that reads those at a waypoint. One that cannot be
 * said by an HTTPRoute stays as it is, and so does everything that it leads to.
 */
export function namespaceRoutes(snapshot: Snapshot, namespace: string): Translated {
	const {read, faulty} = inMesh(snapshot, namespace)
	const world = {
		services: snapshot.list(kinds.Service, namespace).filter((one) => !isOwned(one)),
		rules: snapshot.list(DestinationRule, namespace).filter((one) => !isOwned(one)),
	}
	const channel = channelOf(snapshot)
	const around = surroundingsIn(snapshot, namespace)
	const hasPods = (labels: StringMap) => podsOf(labels, around).length > 0
	const carry = (object: KubeObject) =>
		toHTTPRoute(object, {world, hasPods, channel, besides: besides(snapshot, namespace, object)})
	const own = read.filter(({metadata}) => metadata.namespace === namespace)
	const all = own.map((object) => ({object, carried: carry(object)}))
	const stays = all.filter(({carried}) => carried.translation.verdict === "blocked")
	const foreign = read.filter(({metadata}) => metadata.namespace !== namespace)
	const held = subsetsOf([...foreign, ...stays.map(({object}) => object)], namespace)
	const carried = all.map((one) => one.carried).filter(({translation}) => translation.verdict !== "blocked")
	const free = carried.filter(({versions}) => !versions.some(({service}) => held.has(service)))
	const versions = versionsOf(
		[...free.flatMap((one) => one.versions), ...madeEarlier(snapshot, {world, namespace, hasPods})],
		{world, namespace, hasPods},
	)
	return {
		translations: [...free.map(({translation}) => translation), ...versions.translations],
		before: [...versions.before, ...free.flatMap(({objects}) => objects)],
		// Before callers use the waypoint, which must not find a VirtualService and a route for one Service.
		replaced: free.map(({translation}) => translation.source),
		after: versions.after,
		retired: versions.retired,
		reasons: [
			...faulty,
			...free.map(changesHands),
			...stays.flatMap(({carried: {translation}}) => notCarried(translation)),
			...carried.filter((one) => !free.includes(one)).map((one) => sharesSubsets(one, held)),
		],
		settles: [],
	}
}

/** The namespace as it is once the Services of its subsets are there, for policies, which have to hold for them too. */
export function withVersions(snapshot: Snapshot, {before}: Translated): Snapshot {
	const services = before.filter(({kind}) => kind === "Service") as readonly Service[]
	if (services.length === 0) return snapshot
	const added = snapshotOf(services)
	const join = <T extends KubeObject>(there: readonly T[], more: readonly T[]): readonly T[] =>
		more.length === 0
			? there
			: [...there, ...more.filter((one) => !there.some((old) => refOf(old) === refOf(one)))]
	return {
		list: (kind, space) => join(snapshot.list(kind, space), added.list(kind, space)),
		get: (kind, name, space) => snapshot.get(kind, name, space) ?? added.get(kind, name, space),
		knows: (kind) => snapshot.knows(kind),
	}
}

function inMesh(snapshot: Snapshot, namespace: string) {
	const all = virtualServicesFor(snapshot, namespace).filter((one) => {
		const {gateways} = readVirtualRoutes(one).value
		return gateways.length === 0 || gateways.includes("mesh")
	})
	const faulty = all.flatMap((one) => {
		const {faults} = readVirtualRoutes(one)
		return faults.length === 0 ? [] : [unreadable(one, faults)]
	})
	return {read: all.filter((one) => readVirtualRoutes(one).faults.length === 0), faulty}
}

/**
 * The subsets that have their Services: their VirtualService has gone with the first steps, and the last ones, which
 * are about the DestinationRule, are still to come.
 */
const madeEarlier = (snapshot: Snapshot, {world, namespace}: Surrounding): readonly Version[] =>
	world.services.flatMap(({metadata: {name: service}}) =>
		rulesFor(world, {name: service, namespace}).flatMap(({object, subsets}) =>
			subsets
				.map(({name}) => ({service, subset: name}))
				.filter((one) => {
					const made = snapshot.get(kinds.Service, versionName(one), namespace)
					return (
						made !== undefined &&
						isOwned(made) &&
						annotationOf(made, ownedAnnotations.source) === refOf(object)
					)
				}),
		),
	)

const targetsOf = (object: KubeObject): readonly string[] =>
	readVirtualRoutes(object).value.hosts.flatMap((host) => {
		const found = serviceOfHost(host, object.metadata.namespace ?? "")
		return found === undefined ? [] : [`${found.namespace}/${found.name}`]
	})

/** What else is for the Services of a VirtualService. */
function besides(snapshot: Snapshot, namespace: string, object: KubeObject): readonly string[] {
	const targets = new Set(targetsOf(object))
	const others = snapshot
		.list(VirtualService)
		.filter((one) => refOf(one) !== refOf(object) && targetsOf(one).some((target) => targets.has(target)))
	const routes = routesIn(snapshot, namespace)
		.filter((one) => !isOwned(one))
		.filter((one) =>
			readRoute(one).value.parents.some(
				(parent) => parent.kind === "Service" && targets.has(`${parent.namespace}/${parent.name}`),
			),
		)
	return [...others, ...routes].map(refOf)
}

/** The Services of the namespace to whose subsets these VirtualServices lead. */
function subsetsOf(objects: readonly KubeObject[], namespace: string): ReadonlySet<string> {
	const found = objects.flatMap((object) => {
		const {http, connections} = readVirtualRoutes(object).value
		const destinations = [
			...http.flatMap(({route, mirrors}) => [...route, ...mirrors].map(({destination}) => destination)),
			...connections.flatMap((one) => one.destinations),
		]
		return destinations.flatMap(({host, subset}) => {
			const about = serviceOfHost(host, object.metadata.namespace ?? "")
			return subset !== undefined && about?.namespace === namespace ? [about.name] : []
		})
	})
	return new Set(found)
}

function changesHands({translation: {source}}: CarriedRoute) {
	const message = `An HTTPRoute takes the place of ${source} before callers use the waypoint; sidecars read it as well.`
	return reason("RoutesChangeHands", {object: source, message})
}

function notCarried({source, fields}: CarriedRoute["translation"]) {
	const said = fields
		.filter(({verdict}) => verdict === "blocked")
		.map(({path, note}) => (note === undefined ? path : `${path}: ${note}`))
	const message = `${source} stays a VirtualService: ${said.join("; ")}.`
	const byCaller = fields.map(({path}) => path).filter((path) => /\.source(Labels|Namespace)$/.test(path))
	return [
		reason("VirtualServiceNotTranslated", {object: source, message}),
		...(byCaller.length === 0
			? []
			: [
					reason("CallerMatchLostAtWaypoint", {
						object: source,
						message: `${source} matches callers by ${byCaller.join(", ")}, which a waypoint does not.`,
					}),
				]),
	]
}

function sharesSubsets({translation: {source}, versions}: CarriedRoute, held: ReadonlySet<string>) {
	const names = [...new Set(versions.map(({service}) => service).filter((one) => held.has(one)))]
	const message = `${source} stays a VirtualService: another one leads to subsets of ${names.join(", ")} and stays.`
	return reason("VirtualServiceNotTranslated", {object: source, message})
}

/** `retry` came with 1.2 of the Gateway API, in the experimental channel (GEP-1731). */
function channelOf(snapshot: Snapshot): Channel {
	const definition = snapshot.get(CustomResourceDefinition, gatewayAPIDefinition)
	const told = (key: string) => definition && annotationOf(definition, `gateway.networking.k8s.io/${key}`)
	const version = coerce(told("bundle-version"))
	return {retry: told("channel") === "experimental" && version !== null && gte(version, "1.2.0")}
}
