import type {Capability, Dataplane, Family, Mode, Support} from "../../profiles/dataplane.ts"
import {type Feature, features} from "../../profiles/features.ts"
import {type Proof, proofOf} from "./proof.ts"

/** One statement about a feature on a dataplane, for a range of its versions. */
export type Statement = Pick<Capability, "versions" | "support" | "note" | "source">

export type Row = {
	readonly feature: Feature
	/** The first whose range holds a version counts; none means `no`. */
	readonly statements: readonly Statement[]
}

export type DataplaneCapabilities = {
	readonly dataplane: string
	readonly family: Family
	readonly modes: readonly Mode[]
	/** How what is claimed of this dataplane was proved. */
	readonly proof: readonly Proof[]
	readonly features: readonly Row[]
}

/** What `heddle capabilities` prints with `--output json`. */
export type Capabilities = {
	readonly apiVersion: "heddle.dev/v1alpha1"
	readonly kind: "Capabilities"
	readonly features: readonly Feature[]
	readonly dataplanes: readonly DataplaneCapabilities[]
}

export function capabilitiesOf(
	dataplanes: readonly Dataplane[],
	wanted: readonly Feature[] = features,
): Capabilities {
	return {
		apiVersion: "heddle.dev/v1alpha1",
		kind: "Capabilities",
		features: wanted,
		dataplanes: dataplanes.map(({name, family, modes, capabilities}) => ({
			dataplane: name,
			family,
			modes,
			proof: proofOf(name),
			features: wanted.map((feature) => ({
				feature,
				statements: capabilities.filter((row) => row.feature === feature).map(statementOf),
			})),
		})),
	}
}

const statementOf = ({versions, support, note, source}: Capability): Statement => ({
	versions,
	support,
	...(note === undefined ? {} : {note}),
	source,
})

/** How the newest version carries a feature; rows stand with the newest first. */
export const newest = ({statements}: Row): Support => statements[0]?.support ?? "no"

/** Other versions carry it in another way. */
export const varies = ({statements}: Row): boolean => new Set(statements.map(({support}) => support)).size > 1
