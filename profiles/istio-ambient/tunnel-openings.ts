import {authorizationsFor, readAuthorization} from "../apis/istio/authorization.ts"
import {policiesInForce, type Rule, readRules} from "../apis/kubernetes/network-policy.ts"
import {opensTunnel} from "../apis/kubernetes/tunnel.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import {type KubeObject, refOf} from "../snapshot/object.ts"
import type {NetworkPolicy} from "../snapshot/shapes.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"

/** Where ztunnels meet each other. */
export const hbone = 15008

/** By 15008 every port of a pod is reached, unless ztunnel is told otherwise. */
export function openedByTunnel(snapshot: Snapshot, namespace: string): readonly Reason[] {
	return opensTunnel(snapshot, namespace, hbone)
		.filter(({policy, rules}) => !isGuarded(snapshot, {namespace, policy, rules}))
		.map(({policy}) => {
			const message = `${refOf(policy)} admits TCP ${hbone} to peers that it does not admit to every port; in ambient they reach every port of its pods by it.`
			return reason("NetworkPolicyOpensHBONE", {object: refOf(policy), message})
		})
}

type Opening = {
	readonly namespace: string
	readonly policy: NetworkPolicy
	readonly rules: readonly Rule[]
}

/** A rule of Istio's keeps those to the admitted ports who are admitted to some of them anyway. */
function isGuarded(snapshot: Snapshot, {namespace, policy, rules}: Opening): boolean {
	const labels = policy.spec?.podSelector?.matchLabels ?? {}
	const guarded = authorizationsFor(snapshot, namespace).some((one) => {
		const {selector = {}} = readAuthorization(one).value
		return keepsToPorts(one) && Object.entries(selector).every(([key, value]) => labels[key] === value)
	})
	const all = policiesInForce(snapshot, namespace).flatMap((one) => readRules(one, "ingress").value)
	const isAnotherWay = ({peers}: Rule) => all.some((one) => one.peers === peers && isForOthers(one))
	return guarded && rules.every(isAnotherWay)
}

/** It admits ports beside the tunnel's. */
const isForOthers = ({tcp}: Rule): boolean => (tcp ?? []).some(({from, to}) => from !== hbone || to !== hbone)

type Denying = {readonly rules?: readonly {readonly to?: readonly {readonly operation?: object}[]}[]}

/** DENY of every port but some, whoever calls. */
function keepsToPorts(object: KubeObject): boolean {
	const {action, dryRun} = readAuthorization(object).value
	const {rules = []} = (object as {readonly spec?: Denying}).spec ?? {}
	return (
		action === "DENY" &&
		!dryRun &&
		rules.some(
			(rule) =>
				Object.keys(rule).join() === "to" &&
				rule.to?.some(({operation = {}}) => Object.keys(operation).join() === "notPorts") === true,
		)
	)
}
