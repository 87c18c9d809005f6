import type {ComponentResource} from "@pulumi/pulumi"
import {MeshProfile} from "../infra/index.ts"
import type {ComponentName} from "./component-names.ts"
import {componentNames} from "./component-names.ts"
import {components} from "./components.ts"
import type {Installation} from "./installation.ts"

/** Its own result is of no interest; that it is there means that the children are declared. */
type Raised = {getData(): Promise<unknown>}

/** The Pulumi program of an installation: both engines run this one. Resolves when everything is declared. */
export async function program({spec}: Installation): Promise<void> {
	const made = new Map<ComponentName, ComponentResource>()
	const wanted = componentNames.filter((name) => spec.components[name] !== undefined)
	for (const name of inOrder(wanted)) {
		const {make, after} = components[name]
		const dependsOn = after.flatMap((other) => made.get(other) ?? [])
		made.set(name, make(name, argsFor(name, spec), {dependsOn}))
	}
	const operator = made.get("operator")
	const profiles = spec.profiles.map(
		({name, labels, spec}) =>
			new MeshProfile(
				`profile-${name}`,
				{profileName: name, ...(labels === undefined ? {} : {labels}), spec: spec as never},
				{dependsOn: operator === undefined ? [] : [operator]},
			),
	)
	await Promise.all([...made.values(), ...profiles].map((one) => (one as unknown as Raised).getData()))
}

/** Those that others wait for first. */
function inOrder(names: readonly ComponentName[]): ComponentName[] {
	const done = new Set<ComponentName>()
	const visit = (name: ComponentName): void => {
		if (done.has(name)) return
		for (const other of components[name].after) if (names.includes(other)) visit(other)
		done.add(name)
	}
	for (const name of names) visit(name)
	return [...done]
}

/** Beside ambient's istiod, the one for sidecars brings no second set of CRDs. */
function argsFor(name: ComponentName, {components: chosen}: Installation["spec"]) {
	const given = chosen[name] ?? {}
	return name === "istio-sidecar" && chosen["istio-ambient"] !== undefined
		? {...given, withBase: false}
		: given
}
