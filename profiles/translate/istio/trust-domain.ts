import {readPolicy} from "../../policy/istio/read.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import {fieldsOf} from "./fields.ts"

const usual = "cluster.local"

/**
 * The trust domain that the policies' own principals name, where they name one; else Istio's default. MeshConfig, which
 * decides it, is not looked at: a wrong guess lets nobody in, since a waypoint is then a stranger to its own guard.
 */
export function trustDomainOf(policies: readonly KubeObject[]): string {
	const named = policies.flatMap((object) =>
		fieldsOf(readPolicy(object).value.rules)
			.filter(({key}) => key === "principals" || key === "source.principal")
			.flatMap(({values}) => [...values.any, ...values.none])
			.flatMap((principal) => /^([^*/]+)\/ns\//.exec(principal)?.[1] ?? []),
	)
	const [only, ...others] = new Set(named)
	return only !== undefined && others.length === 0 ? only : usual
}
