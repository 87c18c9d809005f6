import {existsSync} from "node:fs"
import {expect, test} from "vitest"
import {locate} from "../../../installer/infra/charts/locate.ts"
import type {ChartPart} from "../../../installer/infra/charts/render.ts"
import {checkedArgs, type Recipe} from "../../../installer/infra/recipe.ts"
import {cilium} from "../../../installer/infra/recipes/cilium.ts"
import {dapr} from "../../../installer/infra/recipes/dapr.ts"
import {envoyGateway} from "../../../installer/infra/recipes/envoy-gateway.ts"
import {istioAmbient, istioSidecar} from "../../../installer/infra/recipes/istio.ts"
import {kmesh} from "../../../installer/infra/recipes/kmesh.ts"
import {linkerd} from "../../../installer/infra/recipes/linkerd.ts"
import {unknownValues} from "../../kit/chart-values.ts"

/* Every value that a component sets is one that the real chart knows: Helm ignores all others without a word. */

const anchors = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
const istio = {version: "1.31.0", revision: "b", platform: "gke", keep: [{version: "1.31.0", revision: "a"}]}

/** Charts that no Go module carries, unpacked into a folder of one's own. */
const more = process.env.HEDDLE_TEST_CHARTS
const hasMore = more !== undefined && existsSync(more)

const cases: readonly [string, Recipe<never>, object, boolean][] = [
	["IstioSidecar", istioSidecar as never, istio, true],
	["IstioAmbient", istioAmbient as never, istio, true],
	["Cilium", cilium as never, {apiServerHost: "10.0.0.1"}, true],
	["EnvoyGateway", envoyGateway as never, {}, true],
	["Dapr", dapr as never, {}, true],
	["Linkerd", linkerd as never, {trustAnchorsPEM: anchors, chartDir: more}, hasMore],
	["Kmesh", kmesh as never, {chartDir: more}, hasMore],
]

test.for(cases)(
	"%s sets no value that its real charts do not know",
	{timeout: 600_000},
	async ([, recipe, given, isHere], {skip}) => {
		if (!isHere) return skip("no HEDDLE_TEST_CHARTS: no Go module carries this chart")
		const parts = await recipe.parts(checkedArgs(recipe, "mine", given) as never)
		const unknown = await Promise.all(
			parts
				.filter((part): part is ChartPart => part.from === "chart")
				.map(async ({chart, version, folder, values}) => {
					return unknownValues(await locate(chart, version, folder), values)
				}),
		)
		expect(unknown.flat()).toEqual([])
	},
)
