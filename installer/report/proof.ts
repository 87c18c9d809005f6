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
const onData = (folder: string): Proof => ({
	claim: "detection, evidence, hazards and capabilities",
	level: "pure",
	test: `profiles/${folder}`,
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
		{
			claim: "its policies and modes of mTLS are read as istiod reads them, in random combinations",
			level: "control plane",
			test: "test/api/dataplanes/istio-policies.test.ts",
			standIn: "Envoy's matching, written from its reference",
		},
		{
			claim: "its policies decide requests as they do in a real Envoy with the filters that istiod generates",
			level: "control plane",
			test: "test/api/dataplanes/istio-envoy.test.ts",
			standIn: "simulated kubelets; Envoy stands alone, outside of a pod",
		},
	],
	"istio-ambient": [
		{
			claim: "new pods are enrolled, moved and rolled back",
			level: "API",
			test: "test/api/operator/migration.test.ts",
			standIn: "simulated kubelets and a stand-in for istio-cni",
		},
		{
			claim: "policies and modes of mTLS are read as istiod hands them to ztunnel, in random combinations",
			level: "control plane",
			test: "test/api/dataplanes/istio-policies.test.ts",
			standIn: "ztunnel's matching, written from its source",
		},
		{
			claim: "policies are read as istiod generates them for a waypoint, in random combinations",
			level: "control plane",
			test: "test/api/dataplanes/istio-waypoint.test.ts",
			standIn: "Envoy's matching, written from its reference; which port a waypoint compares is not shown",
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
	dapr: [
		{
			claim: "new pods get their daprd, with istiod's sidecar or none, when workloads move",
			level: "control plane",
			test: "test/api/operator/dapr.test.ts",
			standIn: "simulated kubelets; the injector is that of Dapr 1.14, without the rest of Dapr",
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

export const proofOfRuntime = (runtime: string): readonly Proof[] => [
	onData(`runtimes/${runtime}`),
	...(beyond[runtime] ?? []),
]
