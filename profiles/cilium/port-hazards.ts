import {type Clause, covers, type Direction, isEveryPod, policiesFor} from "../apis/cilium/policy.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import {type KubeObject, refOf} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"

type Placed = Clause & {readonly object: KubeObject; readonly selector: string; readonly everyPod: boolean}

/** Rules by ports of the application, where traffic arrives on a port of the mesh. */
export function portHazards(snapshot: Snapshot, namespace: string, tunnel: number): readonly Reason[] {
	const clauses = policiesFor(snapshot, namespace).flatMap(({object, rules}): readonly Placed[] =>
		rules.flatMap((rule) =>
			rule.clauses.map((clause) => ({
				...clause,
				object,
				selector: JSON.stringify(rule.selector),
				everyPod: isEveryPod(rule.selector),
			})),
		),
	)
	const missing = clauses.filter((one) => one.inside && carriesTraffic(one) && !covers(one, tunnel))
	const denied = clauses.filter((one) => one.deny && one.ports !== undefined && !covers(one, tunnel))
	return [
		...each(
			missing.filter((one) => !one.deny && !isCovered(one, clauses, tunnel)),
			(one) => {
				const message = `${refOf(one.object)} admits ports ${whom(one.direction)}, but not TCP ${tunnel}, by which pods of the mesh reach each other.`
				return reason("CiliumPortsMissTunnel", {object: refOf(one.object), message})
			},
		),
		...each(denied, (one) => {
			const message = `${refOf(one.object)} denies ports ${whom(one.direction)}; in the mesh this traffic uses TCP ${tunnel}.`
			return reason("CiliumDenyMissesTunnel", {object: refOf(one.object), message})
		}),
	]
}

const whom = (direction: Direction) => (direction === "ingress" ? "from its callers" : "to what it calls")

/** One reason per policy and direction. */
function each(clauses: readonly Placed[], told: (one: Placed) => Reason): readonly Reason[] {
	const keyOf = ({object, direction}: Placed) => `${refOf(object)} ${direction}`
	return clauses
		.filter((one, index) => clauses.findIndex((other) => keyOf(other) === keyOf(one)) === index)
		.map(told)
}

const isDNS = ({first, last}: {readonly first: number; readonly last: number}) => first === 53 && last === 53

/** A rule about DNS alone, or about other protocols than TCP, has nothing to lose. */
const carriesTraffic = ({ports}: Clause): boolean => ports === undefined || !ports.every(isDNS)

function isCovered(clause: Placed, all: readonly Placed[], tunnel: number): boolean {
	return all.some(
		(one) =>
			!one.deny &&
			one.direction === clause.direction &&
			(one.selector === clause.selector || one.everyPod) &&
			covers(one, tunnel) &&
			(one.everyone || one.peers === clause.peers),
	)
}
