/** How sure a claim is, the least first; a stand-in never counts above its level. */
export type Level = "pure" | "API" | "control plane" | "traffic"

export const levels: readonly {readonly level: Level; readonly means: string}[] = [
	{level: "pure", means: "golden and property tests on data"},
	{
		level: "API",
		means: "a real API server, etcd and controllers accepted, defaulted, rejected and rolled it",
	},
	{level: "control plane", means: "the dataplane's own real control plane saw it"},
	{
		level: "traffic",
		means: "real requests crossed a real proxy on a real node meanwhile, and every one was counted",
	},
]

/** What was proved of a dataplane, how, and by which test. */
export type Proof = {
	readonly claim: string
	readonly level: Level
	/** A file or a folder of the repository. */
	readonly test: string
	/** What was not real. */
	readonly standIn?: string
}

/** What holds for every dataplane: its folder is tested on data. */
const onData = (dataplane: string): Proof => ({
	claim: "detection, evidence, hazards and capabilities",
	level: "pure",
	test: `profiles/${dataplane}`,
})

/** What goes beyond data; the strongest test of each claim. */
const beyond: Readonly<Record<string, readonly Proof[]>> = {
	"istio-sidecar": [
		{
			claim: "new pods are injected, moved and rolled back",
			level: "control plane",
			test: "test/api/operator/migration.test.ts",
			standIn: "simulated kubelets",
		},
	],
	"istio-ambient": [
		{
			claim: "new pods are enrolled, moved and rolled back",
			level: "API",
			test: "test/api/operator/migration.test.ts",
			standIn: "simulated kubelets and a stand-in for istio-cni",
		},
	],
	linkerd: [
		{
			claim: "the keys that enrol and leave are taken, and a Server closes its port",
			level: "API",
			test: "test/api/dataplanes/linkerd.test.ts",
			standIn: "stand-ins for Linkerd's CRDs",
		},
	],
	none: [
		{
			claim: "pods leave every mesh",
			level: "API",
			test: "test/api/operator/leaving.test.ts",
			standIn: "simulated kubelets",
		},
	],
}

export const proofOf = (dataplane: string): readonly Proof[] => [
	onData(dataplane),
	...(beyond[dataplane] ?? []),
]
