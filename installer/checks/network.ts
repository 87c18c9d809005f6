import * as kinds from "../../profiles/snapshot/kinds.ts"
import type {StringMap} from "../../profiles/snapshot/object.ts"
import type {Finding, Outcome, PureCheck, Scene} from "./types.ts"

const object = "ConfigMap/kube-system/cilium-config"
const CiliumConfig = kinds.single(kinds.ConfigMap, "kube-system", "cilium-config")
const kind = [kinds.DaemonSet, CiliumConfig]

/** CNI plugins of meshes that chain themselves after the cluster's own. */
const meshPlugins: readonly string[] = ["istio-cni-node", "linkerd-cni"]

export const networkChecks: readonly PureCheck[] = [
	{
		id: "cilium-exclusive",
		group: "Container network",
		title: "Cilium leaves other CNI plugins alone",
		severity: "error",
		doc: "With cni-exclusive Cilium renames the configuration of every other CNI plugin. The plugin of a mesh is then not called, and pods start without their redirection or do not start at all.",
		fix: "Set cni.exclusive=false in Cilium's Helm values.",
		reads: kind,
		look: (scene) =>
			ofCilium(scene, (config) => {
				const plugin = meshPlugins.find((name) => hasDaemonSet(scene, name))
				return config["cni-exclusive"] === "true" && plugin !== undefined
					? [{object, message: `cni-exclusive is true, and ${plugin} is another CNI plugin`}]
					: []
			}),
	},
	{
		id: "cilium-socket-lb",
		group: "Container network",
		title: "Cilium's socket load balancing leaves pods to their mesh",
		severity: "error",
		doc: "Where Cilium replaces kube-proxy it translates a Service's address inside the pod's socket, before the mesh sees it: rules for that Service are skipped.",
		fix: "Set socketLB.hostNamespaceOnly=true in Cilium's Helm values.",
		reads: kind,
		look: (scene) =>
			ofCilium(scene, (config) => {
				const replaces = ["true", "strict"].includes(config["kube-proxy-replacement"] ?? "")
				const balances = replaces || config["bpf-lb-sock"] === "true"
				const hostOnly = config["bpf-lb-sock-hostns-only"] === "true"
				const mesh = meshBesideCilium(scene)
				return balances && !hostOnly && mesh !== undefined
					? [
							{
								object,
								message: `socket load balancing reaches into pods of ${mesh}: bpf-lb-sock-hostns-only is not true`,
							},
						]
					: []
			}),
	},
	{
		id: "cilium-masquerade",
		group: "Container network",
		title: "Cilium's masquerading lets probes of ambient pods through",
		severity: "error",
		doc: "The kubelet's probes of ambient pods come from 169.254.7.127. With Cilium's BPF masquerading they are lost, and pods are never ready (istio/istio#52208).",
		fix: "Set bpf.masquerade=false in Cilium's Helm values.",
		reads: kind,
		look: (scene) =>
			ofCilium(scene, (config) =>
				config["enable-bpf-masquerade"] === "true" && hasDaemonSet(scene, "ztunnel")
					? [{object, message: "enable-bpf-masquerade is true, and Istio ambient is installed"}]
					: [],
			),
	},
]

/** Cilium's flags; without Cilium there is nothing to find, and without its ConfigMap nothing to say. */
function ofCilium(scene: Scene, look: (config: StringMap) => readonly Finding[]): Outcome {
	if (!hasDaemonSet(scene, "cilium", "kube-system"))
		return {seen: "no Cilium of the cluster's own", findings: []}
	const config = scene.snapshot.get(CiliumConfig, "cilium-config", "kube-system")
	return config === undefined
		? {notRun: "Cilium is there, its ConfigMap cilium-config was not read"}
		: {seen: object, findings: look(config.data ?? {})}
}

const hasDaemonSet = ({snapshot}: Scene, name: string, namespace?: string): boolean =>
	snapshot.list(kinds.DaemonSet, namespace).some(({metadata}) => metadata.name === name)

const meshBesideCilium = ({facts}: Scene): string | undefined =>
	facts.installed.find(({dataplane}) => dataplane.family !== "None" && dataplane.name !== "cilium")?.dataplane
		.name
