import {gte} from "semver"
import type {ComponentName as Versioned} from "../infra/compatibility.ts"
import {misfits} from "../infra/compatibility.ts"
import {checkedArgs} from "../infra/recipe.ts"
import type {ComponentName} from "./component-names.ts"
import {components} from "./components.ts"
import type {FlowDiagnostic} from "./events.ts"
import type {Installation} from "./installation.ts"

type Args = Readonly<Record<string, unknown>>
type Chosen = ReadonlyMap<ComponentName, Args>

/**
 * The arguments of every component, checked and completed.
 * @throws ArgumentError naming the component and each field
 */
export function chosenComponents({spec}: Installation): Chosen {
	const entries = Object.entries(spec.components) as [ComponentName, Args][]
	return new Map(
		entries.map(([name, given]) => [name, checkedArgs(components[name].recipe, name, given) as Args]),
	)
}

const versioned: Readonly<Partial<Record<ComponentName, Versioned>>> = {
	"gateway-api": "gateway-api",
	cilium: "cilium",
	"istio-sidecar": "istio",
	"istio-ambient": "istio-ambient",
	kmesh: "kmesh",
	linkerd: "linkerd",
	"envoy-gateway": "envoy-gateway",
	dapr: "dapr",
}

const text = (args: Args | undefined, key: string) => String(args?.[key] ?? "")

/** What of an installation cannot be together in one cluster, or not in this one. */
export function conflicts(chosen: Chosen, kubernetes: string | undefined): FlowDiagnostic[] {
	const crds = chosen.get("gateway-api")
	const around = {kubernetes, gatewayApi: crds === undefined ? undefined : text(crds, "version")}
	const versions = [...chosen].flatMap(([name, args]) => {
		const component = versioned[name]
		if (component === undefined) return []
		return misfits(component, text(args, "version"), around).map((message) => ({
			code: "VersionsDoNotFit",
			message,
			fix: `Choose other versions with --set ${name}.version=… or --set gateway-api.version=….`,
		}))
	})
	return [...versions, ...pairs(chosen)].map((found) => ({
		type: "diagnostic",
		severity: "block",
		...found,
	}))
}

type Found = {readonly code: string; readonly message: string; readonly fix: string}

function pairs(chosen: Chosen): Found[] {
	const [sidecar, ambient, kmesh] = [
		chosen.get("istio-sidecar"),
		chosen.get("istio-ambient"),
		chosen.get("kmesh"),
	]
	const found: Found[] = []
	if (sidecar && ambient && text(sidecar, "revision") === text(ambient, "revision")) {
		found.push({
			code: "SameRevision",
			message: `istio-sidecar and istio-ambient both are the revision ${text(ambient, "revision")}`,
			fix: "An istiod for ambient serves sidecars as well: leave istio-sidecar out, or give it a revision of its own.",
		})
	}
	if (kmesh && ambient && gte(text(ambient, "version"), "1.26.0")) {
		found.push({
			code: "KmeshNeedsOlderIstio",
			message: `Kmesh is tested with Istio up to 1.25, and istio-ambient is ${text(ambient, "version")}`,
			fix: "Install Kmesh in a cluster of its own, with the Istio that it is made for.",
		})
	}
	return found
}
