import {decideAtSidecar, istioWorld, withIdentity} from "../../policy/istio/decide.ts"
import {decideAtLinkerd} from "../../policy/linkerd/decide.ts"
import {type LinkerdWorld, linkerdWorld} from "../../policy/linkerd/read.ts"
import type {Callee, Request} from "../../policy/request.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import {after} from "../istio/ambient-moments.ts"
import type {Moments} from "../moments.ts"
import {roleOf} from "../owned.ts"
import type {Translated} from "../types.ts"
import {istioTrustDomain} from "./meshes.ts"

export type LinkerdMove = {
	readonly namespace: string
	/** All that decides before the move: policies of both meshes. */
	readonly objects: readonly KubeObject[]
	readonly made: Translated
	readonly roots: readonly string[]
	readonly around: Pick<LinkerdWorld, "fallback" | "trustDomain">
}

const nobody = (request: Request): Request => withIdentity(request, undefined)

const isOf = ({source}: Request, namespace: string): boolean => source.namespace === namespace

/** Who proves an identity in one mesh is nobody to the other: a caller that has moved to one that has not, and back. */
const moved = (request: Request, namespace: string): Request =>
	isOf(request, namespace) ? nobody(request) : request

/** As the certificates of Linkerd name a caller whom Istio's name so. */
const asLinkerd = (request: Request, trustDomain: string): Request => {
	const {identity} = request.source
	if (identity === undefined) return request
	return withIdentity(
		request,
		identity.trustDomain === istioTrustDomain ? {...identity, trustDomain} : undefined,
	)
}

/** Not part of any policy: what lets probes through, which a reason of its own speaks of. */
const policies = (objects: readonly KubeObject[]) => objects.filter((one) => roleOf(one) !== "opening")

/** The moments at which policies decide while a namespace goes from Istio's sidecars to Linkerd. */
export function toLinkerdMoments({
	namespace,
	objects,
	made,
	roots,
	around,
	isNamed,
}: LinkerdMove & {
	/** A Service, a container or a rule names the port that is called; the rest is closed. */
	readonly isNamed: (callee: Callee) => boolean
}): Moments {
	const sidecars = istioWorld(objects, roots)
	const linkerd = linkerdWorld(policies([...objects, ...made.before]), around)
	const atLinkerd = (one: Request) => decideAtLinkerd(linkerd, asLinkerd(one, around.trustDomain))
	return {
		before: (one) => decideAtSidecar(sidecars, one),
		during: {
			"a caller that has moved": (one) => decideAtSidecar(sidecars, moved(one, namespace)),
			"a pod that has moved": (one) => atLinkerd(nobody(one)),
		},
		end: atLinkerd,
		promises: (one) =>
			isNamed(one.destination) && (one.source.identity === undefined || isOf(one, namespace)),
	}
}

/** The moments at which policies decide while a namespace goes from Linkerd to Istio's sidecars. */
export function fromLinkerdMoments({namespace, objects, made, roots, around}: LinkerdMove): Moments {
	const linkerd = linkerdWorld(objects, around)
	const sidecars = istioWorld(after(objects, made.before), roots)
	const atLinkerd = (one: Request) => decideAtLinkerd(linkerd, asLinkerd(one, around.trustDomain))
	return {
		before: atLinkerd,
		during: {
			"a caller that has moved": (one) => atLinkerd(moved(one, namespace)),
			"a pod that has moved": (one) => decideAtSidecar(sidecars, nobody(one)),
		},
		end: (one) => decideAtSidecar(sidecars, one),
		// Callers of other namespaces prove who they are once they have moved as well; a reason of its own says so.
		promises: (one) => one.source.identity === undefined || isOf(one, namespace),
	}
}
