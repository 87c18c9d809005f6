import {join} from "node:path"

/** Addresses inside of a node's own network namespace: they never meet the host's. */
export const nodeName = "node-1"
export const nodeAddress = "10.255.0.1"
const podNetwork = "10.244.0.0/16"
/** The node's end of the link to every pod: the first address of the network, by the rule of host-local. */
export const podGateway = "10.244.0.1"
export const serviceNetwork = "10.96.0.0/12"
export const dnsAddress = "10.96.0.10"
export const containerdSocket = "/run/heddle/containerd.sock"

/** Where a dataplane's node agent puts its plugin and its settings, by paths that are the same in every node. */
export const cniFolders = {bin: "/run/heddle/cni-bin", conf: "/run/heddle/cni"}

/** Files of one node. */
export function nodeFiles(folder: string) {
	const inside = (...parts: string[]) => join(folder, "node", ...parts)
	return {
		folder: inside(),
		log: inside("log"),
		prepared: inside("prepared"),
		/** Programs under the names by which others call them. */
		bin: inside("bin"),
		cni: inside("cni"),
		containerd: inside("containerd"),
		containerdConfig: inside("containerd.toml"),
		kubeletConfig: inside("kubelet.json"),
		proxyConfig: inside("kube-proxy.json"),
		prometheusConfig: inside("prometheus.json"),
		prometheusData: inside("prometheus"),
		images: inside("images"),
	}
}

export type NodeFiles = ReturnType<typeof nodeFiles>

export const containerdConfig = (files: NodeFiles, pause: string): string => `version = 3
root = "${files.containerd}"
state = "/run/heddle/containerd"

[grpc]
address = "${containerdSocket}"

[plugins.'io.containerd.cri.v1.images']
snapshotter = "overlayfs"

[plugins.'io.containerd.cri.v1.images'.pinned_images]
sandbox = "${pause}"

[plugins.'io.containerd.cri.v1.runtime']
# Where root lacks CAP_SYS_RESOURCE, nobody may lower the score.
restrict_oom_score_adj = true

[plugins.'io.containerd.cri.v1.runtime'.cni]
bin_dirs = ["${files.bin}", "${cniFolders.bin}"]
conf_dir = "${cniFolders.conf}"

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
BinaryName = "${join(files.bin, "runc")}"
SystemdCgroup = false
`

/**
 * Every pod on a link of its own, routed: on a shared bridge the answers of a Service would need br_netfilter, which
 * not every kernel has. No masquerading and no way out: nothing that a pod needs is outside of the node.
 */
export const cniConfig = {
	cniVersion: "1.0.0",
	name: "heddle",
	plugins: [
		{
			type: "ptp",
			ipam: {
				type: "host-local",
				dataDir: "/run/heddle/leases",
				ranges: [[{subnet: podNetwork}]],
				routes: [{dst: "0.0.0.0/0"}],
			},
		},
	],
}

/**
 * A kubelet that keeps to its namespaces and its cgroup. Who asks it is not checked: it listens inside of the node's
 * network only, and everything in there belongs to the one person whose sandbox it is.
 */
export const kubeletConfig = (cgroup: string) => ({
	apiVersion: "kubelet.config.k8s.io/v1beta1",
	kind: "KubeletConfiguration",
	address: nodeAddress,
	authentication: {anonymous: {enabled: true}, webhook: {enabled: false}},
	authorization: {mode: "AlwaysAllow"},
	containerRuntimeEndpoint: `unix://${containerdSocket}`,
	cgroupDriver: "cgroupfs",
	cgroupRoot: `/${cgroup}`,
	enforceNodeAllocatable: ["none"],
	failCgroupV1: false,
	failSwapOn: false,
	oomScoreAdj: 0,
	// init.sh shows it what it wants to see: otherwise it would change the host's kernel.
	protectKernelDefaults: true,
	makeIPTablesUtilChains: false,
	clusterDNS: [dnsAddress],
	clusterDomain: "cluster.local",
	resolvConf: "",
	volumePluginDir: "/run/heddle/volume-plugins",
	// A full disk of the user is no reason to evict; images are not fetched, so they must not be collected either.
	evictionHard: {"nodefs.available": "0%", "imagefs.available": "0%", "nodefs.inodesFree": "0%"},
	imageGCHighThresholdPercent: 100,
})

export const proxyConfig = (kubeconfig: string) => ({
	apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
	kind: "KubeProxyConfiguration",
	clientConnection: {kubeconfig},
	hostnameOverride: nodeName,
	mode: "iptables",
	clusterCIDR: podNetwork,
	// The table of connections is the host's to size.
	conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s"},
	healthzBindAddress: `${nodeAddress}:10256`,
	metricsBindAddress: `${nodeAddress}:10249`,
	iptables: {minSyncPeriod: "100ms"},
})
