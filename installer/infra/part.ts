import {type ChartPart, renderChart} from "./charts/render.ts"
import {type GatewayApiPart, gatewayApiObjects} from "./gateway-api-release.ts"
import type {Manifest} from "./manifest.ts"

type ObjectsPart = {readonly from: "objects"; readonly objects: readonly Manifest[]}

/** One source of objects. The parts of a component are installed one after the other. */
export type Part = ChartPart | GatewayApiPart | ObjectsPart

/** @throws SourceError when something cannot be fetched or rendered */
export async function objectsOfPart(part: Part): Promise<readonly Manifest[]> {
	if (part.from === "chart") return await renderChart(part)
	return part.from === "gateway-api" ? await gatewayApiObjects(part) : part.objects
}

export const objects = (...all: readonly Manifest[]): Part => ({from: "objects", objects: all})
