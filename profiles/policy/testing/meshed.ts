import type {Request} from "../request.ts"
import {request} from "./requests.ts"

const meshed: readonly string[] = ["shop/web", "shop/cart", "bank/pay"]

/** Every pod of these service accounts is in the mesh, and none of any other. */
export const isMeshed = (namespace: string, serviceAccount?: string): boolean =>
	serviceAccount === undefined
		? meshed.some((one) => one.startsWith(`${namespace}/`))
		: meshed.includes(`${namespace}/${serviceAccount}`)

/** Requests in a cluster where a service account is in the mesh with all of its pods, or with none. */
export const consistentRequest = request.map((one): Request => {
	const {identity: _, ...source} = one.source
	const {namespace, serviceAccount} = source
	const identity = {trustDomain: "cluster.local", namespace, serviceAccount}
	return {...one, source: isMeshed(namespace, serviceAccount) ? {...source, identity} : source}
})
