import {coerce} from "semver"
import {conflictsOf} from "../../profiles/conflicts/conflicts.ts"
import type {Stack} from "../../profiles/conflicts/stack.ts"
import type {Reason} from "../../profiles/reason.ts"
import type {ComponentName as Versioned} from "../infra/compatibility.ts"
import {productVersion} from "../infra/compatibility.ts"
import {checkedArgs} from "../infra/recipe.ts"
import type {ComponentName} from "./component-names.ts"
import type {FlowDiagnostic} from "./events.ts"
import type {Installation} from "./installation.ts"
import {recipes} from "./recipes.ts"

type Args = Readonly<Record<string, unknown>>
type Chosen = ReadonlyMap<ComponentName, Args>

/**
 * The arguments of every component, checked and completed.
 * @throws ArgumentError naming the component and each field
 */
export function chosenComponents({spec}: Installation): Chosen {
	const entries = Object.entries(spec.components) as [ComponentName, Args][]
	return new Map(entries.map(([name, given]) => [name, checkedArgs(recipes[name], name, given) as Args]))
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
	return [...conflictsOf(stackOf(chosen, kubernetes)).map(ofVersions), ...sameRevision(chosen)].map(
		(found) => ({
			type: "diagnostic",
			severity: "block",
			...found,
		}),
	)
}

/** Another product may be in the cluster already; what is not named here is not judged. */
function stackOf(chosen: Chosen, kubernetes: string | undefined): Stack {
	const server = coerce(kubernetes)?.version
	const crds = chosen.get("gateway-api")
	return {
		...(server === undefined ? {} : {kubernetes: server}),
		...(crds === undefined ? {} : {gatewayAPI: text(crds, "version")}),
		kernels: [],
		isPart: true,
		members: [...chosen].flatMap(([name, args]) => {
			const component = versioned[name]
			const found = component && productVersion(component, text(args, "version"))
			if (found === undefined) return []
			return {...found, name, ...(args.gatewayAPI === false ? {ignoresGatewayAPI: true} : {})}
		}),
	}
}

type Found = {readonly code: string; readonly message: string; readonly fix?: string}

/** The installer brings nothing that its project has not tried, so that what is a warning elsewhere refuses here. */
const ofVersions = ({message, fix}: Reason): Found => ({
	code: "VersionsDoNotFit",
	message,
	fix: `${fix} Versions are chosen with --set COMPONENT.version=….`,
})

function sameRevision(chosen: Chosen): Found[] {
	const [sidecar, ambient] = [chosen.get("istio-sidecar"), chosen.get("istio-ambient")]
	if (!sidecar || !ambient || text(sidecar, "revision") !== text(ambient, "revision")) return []
	return [
		{
			code: "SameRevision",
			message: `istio-sidecar and istio-ambient both are the revision ${text(ambient, "revision")}`,
			fix: "An istiod for ambient serves sidecars as well: leave istio-sidecar out, or give it a revision of its own.",
		},
	]
}
