import type {Row} from "../../installer/tui/model/table.ts"

const verdicts = ["Ready", "UpToDate", "NeedsAcceptance", "Blocked"] as const

/** Namespaces as a large cluster has them, the same in every run. */
export function manyRows(count: number): readonly Row[] {
	return Array.from({length: count}, (_, index) => {
		const verdict = verdicts[index % 4] ?? "Ready"
		return {
			namespace: `team-${index % 97}-service-${index}`,
			pods: (index * 7) % 60,
			now: "istio-sidecar",
			to: verdict === "UpToDate" ? "istio-sidecar" : "istio-ambient",
			verdict,
			...(index % 3 === 0 ? {} : {profile: `profile-${index % 11}`}),
			why: `carries L7Authorization, HTTPRetry and ${index % 5} more`,
			saves: {cpuMillis: (index * 13) % 4000, memoryMiB: (index * 17) % 5000},
			blocks: verdict === "Blocked" ? 2 : 0,
			risks: verdict === "NeedsAcceptance" ? 1 : 0,
		}
	})
}
