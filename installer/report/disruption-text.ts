import type {Disruption, NamespacePlan, Plan} from "../../operator/plan/types.ts"
import type {Cell, Page, Row} from "./layout.ts"
import {table} from "./layout.ts"

const gaps: Readonly<Record<Disruption["gap"], Cell>> = {
	none: {text: "no gap foreseen", tone: "ok"},
	possible: {text: "fewer pods, or unready ones", tone: "warn"},
	certain: {text: "no pod for a moment", tone: "bad"},
}

/** What the roll of each workload does to who calls it, for a person who is to agree; empty where nothing is rolled. */
export function disruptionText({namespaces}: Plan, page: Page): string {
	const moving = namespaces.filter(({verdict}) => verdict === "Ready").flatMap(rows)
	if (moving.length === 0) return ""
	const head: Row = ["", "WORKLOAD", "PODS", "REPLACED", "WHO CALLS IT SEES"].map((text) => ({
		text,
		tone: "dim",
	}))
	return [page.style("strong", "What moving does"), ...table([head, ...moving], page, {indent: 2})].join("\n")
}

const rows = ({workloads}: NamespacePlan): readonly Row[] =>
	workloads
		.toSorted((a, b) => (a.wave ?? 0) - (b.wave ?? 0))
		.flatMap(({ref, wave, disruption}) => (disruption === undefined ? [] : [row(ref, wave, disruption)]))

function row(ref: string, wave: number | undefined, disruption: Disruption): Row {
	const {gap, replicas, replacement, budget, risks} = disruption
	const {text, tone} = gaps[gap]
	const why = [...risks, ...(budget === undefined ? [] : [budget])].join(", ")
	const last: Cell = {text: why === "" ? text : `${text}: ${why}`, ...(tone === undefined ? {} : {tone})}
	return [`wave ${wave ?? 1}`, ref, String(replicas), replacement, last]
}
