import {labelOf} from "../../pods.ts"
import * as kinds from "../../snapshot/kinds.ts"
import {type KubeObject, refOf} from "../../snapshot/object.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {ciliumConfig, isOn, nodeEncryption} from "./config.ts"
import {envoyConfigsFor} from "./envoy-config.ts"
import {CiliumConfig} from "./kinds.ts"
import {policiesFor} from "./policy.ts"
import {isAccepted, meshRoutesIn} from "./routes.ts"

/** Something that Cilium does for a namespace beyond being its network, and that a mesh would do elsewhere. */
export type Duty = {
	readonly kind: "rules" | "envoy" | "route" | "mtls" | "encryption"
	/** The object that asks for it, as `Kind/namespace/name`. */
	readonly object: string
	/** In words, to go on with after the name of the object. */
	readonly does: string
}

export const enrolLabel = "io.cilium/mtls-enabled"

/** The namespace's pods speak mTLS through the ztunnel that Cilium runs. */
export function isZtunnelEnrolled(snapshot: Snapshot, namespace: string): boolean {
	const object = snapshot.get(kinds.Namespace, namespace)
	return (
		isOn(ciliumConfig(snapshot), "enable-ztunnel") &&
		object !== undefined &&
		labelOf(object, enrolLabel) === "true"
	)
}

const configRef = `ConfigMap/${CiliumConfig.only.namespace}/${CiliumConfig.only.name}`

/** Encryption between nodes holds for every pod of the cluster. */
export function encryptionDuty(snapshot: Snapshot): readonly Duty[] {
	const by = nodeEncryption(snapshot)
	return by === undefined
		? []
		: [{kind: "encryption", object: configRef, does: `encrypts between nodes by ${by}`}]
}

const known = new WeakMap<Snapshot, Map<string, readonly Duty[]>>()

/** What Cilium does for a namespace. Kept for this very snapshot: it hinges on the namespace's own objects. */
export function dutiesIn(snapshot: Snapshot, namespace: string): readonly Duty[] {
	const spaces = known.get(snapshot) ?? new Map<string, readonly Duty[]>()
	known.set(snapshot, spaces)
	const found = spaces.get(namespace) ?? duties(snapshot, namespace)
	spaces.set(namespace, found)
	return found
}

function duties(snapshot: Snapshot, namespace: string): readonly Duty[] {
	const rules = policiesFor(snapshot, namespace).flatMap(({object, rules: held}) => {
		const clauses = held.flatMap((rule) => rule.clauses)
		const l7 = clauses.flatMap((clause) => clause.l7)
		if (l7.length > 0) return [duty("rules", object, `has rules for a proxy (${l7.join(", ")})`)]
		return clauses.some(({authenticated}) => authenticated)
			? [duty("rules", object, "asks for mutual authentication")]
			: []
	})
	const mtls = isZtunnelEnrolled(snapshot, namespace)
		? [
				{
					kind: "mtls",
					object: `Namespace/${namespace}`,
					does: `is enrolled for mTLS by ${enrolLabel}`,
				} as const,
			]
		: []
	return [
		...rules,
		...envoyConfigsFor(snapshot, namespace).map((one) => duty("envoy", one, "configures Cilium's Envoy")),
		...meshRoutesIn(snapshot, namespace)
			.filter(isAccepted)
			.map((one) => duty("route", one, "is a route that Cilium has accepted")),
		...mtls,
		...encryptionDuty(snapshot),
	]
}

const duty = (kind: Duty["kind"], object: KubeObject, does: string): Duty => ({
	kind,
	object: refOf(object),
	does,
})

export const told = ({object, does}: Duty): string => `${object} ${does}`
