/** What the sandbox and the installer run, at which version, and how each program says its version. Pure data. */

export const kubernetesVersion = "1.36.3"
export const istioVersion = "1.31.0"

/** A folder under `go/`: one manifest each, because their requirements clash with each other. */
export type Group =
	| "kubernetes"
	| "kubelet"
	| "etcd"
	| "kwok"
	| "istio"
	| "istio-agent"
	| "istio-cni"
	| "helm"
	| "containerd"
	| "cni"
	| "coredns"
	| "pulumi"
	| "pulumi-kubernetes"
	| "dapr"

export type BinaryName =
	| "kube-apiserver"
	| "kube-controller-manager"
	| "kube-scheduler"
	| "etcd"
	| "kwok"
	| "pilot-discovery"
	| "istioctl"
	| "helm"
	| "kubelet"
	| "kube-proxy"
	| "pilot-agent"
	| "istio-cni"
	| "install-cni"
	| "containerd"
	| "containerd-shim-runc-v2"
	| "ctr"
	| "cni-ptp"
	| "cni-host-local"
	| "cni-loopback"
	| "coredns"
	| "pulumi"
	| "pulumi-resource-kubernetes"
	| "dapr-injector"

export type Binary = {
	name: BinaryName
	group: Group
	version: string
	/** Which versions found on PATH will do. */
	accept: string
	versionArgs: readonly string[]
	package: string
	linkerFlags: readonly string[]
	/** Seconds of a cold build on two cores, after the entries above it in the same group. */
	baselineSeconds: number
}

const kubernetesFlags = [
	`-X k8s.io/component-base/version.gitVersion=v${kubernetesVersion}`,
	"-X k8s.io/component-base/version.gitMajor=1",
	"-X k8s.io/component-base/version.gitMinor=36",
	"-X k8s.io/component-base/version.gitTreeState=clean",
]

/** The manifest pins a commit of the 1.31 line; the flags name that line the way Istio's own release build does. */
const istioFlags = ["buildVersion", "buildTag"]
	.map((field) => `-X istio.io/istio/pkg/version.${field}=${istioVersion}`)
	.concat("-X istio.io/istio/pkg/version.buildStatus=Clean")

const kubernetes = (
	name: BinaryName,
	baselineSeconds: number,
	group: "kubernetes" | "kubelet" = "kubernetes",
): Binary => ({
	name,
	group,
	version: kubernetesVersion,
	accept: "~1.36.0",
	versionArgs: ["--version"],
	package: `k8s.io/kubernetes/cmd/${name}`,
	linkerFlags: kubernetesFlags,
	baselineSeconds,
})

const istio = (
	name: BinaryName,
	path: string,
	versionArgs: readonly string[],
	baselineSeconds: number,
): Binary => ({
	name,
	group: "istio",
	version: istioVersion,
	accept: "~1.31.0",
	versionArgs,
	package: `istio.io/istio/${path}`,
	linkerFlags: istioFlags,
	baselineSeconds,
})

const containerdVersion = "2.4.2"
const pulumiVersion = "3.276.0"

const containerd = (name: BinaryName, versionArgs: readonly string[], baselineSeconds: number): Binary => ({
	name,
	group: "containerd",
	version: containerdVersion,
	accept: "^2.1.0",
	versionArgs,
	package: `github.com/containerd/containerd/v2/cmd/${name}`,
	linkerFlags: [`-X github.com/containerd/containerd/v2/version.Version=v${containerdVersion}`],
	baselineSeconds,
})

/** Named apart from what they do: other programs on PATH have such short names too. */
const cni = (name: "cni-ptp" | "cni-host-local" | "cni-loopback", path: string): Binary => ({
	name,
	group: "cni",
	version: "1.9.1",
	accept: "^1.0.0",
	versionArgs: [],
	package: `github.com/containernetworking/plugins/plugins/${path}`,
	linkerFlags: [],
	baselineSeconds: 8,
})

export const binaries: readonly Binary[] = [
	kubernetes("kube-apiserver", 177),
	kubernetes("kube-controller-manager", 49),
	kubernetes("kube-scheduler", 5),
	{
		name: "etcd",
		group: "etcd",
		version: "3.7.3",
		accept: "~3.7.0 || ~3.6.0",
		versionArgs: ["--version"],
		package: "go.etcd.io/etcd/server/v3",
		linkerFlags: [],
		baselineSeconds: 35,
	},
	{
		name: "kwok",
		group: "kwok",
		version: "0.8.0",
		// The stage files under kwok/ use functions of this line.
		accept: "~0.8.0",
		versionArgs: ["--version"],
		package: "sigs.k8s.io/kwok/cmd/kwok",
		linkerFlags: ["-X sigs.k8s.io/kwok/pkg/consts.Version=v0.8.0"],
		baselineSeconds: 74,
	},
	istio("pilot-discovery", "pilot/cmd/pilot-discovery", ["version", "--short"], 193),
	istio("istioctl", "istioctl/cmd/istioctl", ["version", "--remote=false", "--short"], 29),
	{
		name: "helm",
		group: "helm",
		version: "4.3.1",
		// Rendering is the same in both lines.
		accept: "^4.0.0 || ^3.18.0",
		versionArgs: ["version", "--short"],
		package: "helm.sh/helm/v4/cmd/helm",
		linkerFlags: ["-X helm.sh/helm/v4/internal/version.version=v4.3.1"],
		baselineSeconds: 114,
	},
	// A node's own programs: `sandbox up --size node`.
	kubernetes("kubelet", 60, "kubelet"),
	kubernetes("kube-proxy", 7, "kubelet"),
	// A manifest of its own: with it in the other, everybody would build istiod anew.
	{...istio("pilot-agent", "pilot/cmd/pilot-agent", ["version", "--short"], 6), group: "istio-agent"},
	{...istio("istio-cni", "cni/cmd/istio-cni", [], 30), group: "istio-cni"},
	{...istio("install-cni", "cni/cmd/install-cni", ["version", "--short"], 20), group: "istio-cni"},
	containerd("containerd", ["--version"], 47),
	containerd("containerd-shim-runc-v2", ["-v"], 9),
	containerd("ctr", ["--version"], 4),
	cni("cni-ptp", "main/ptp"),
	cni("cni-host-local", "ipam/host-local"),
	cni("cni-loopback", "main/loopback"),
	{
		name: "coredns",
		group: "coredns",
		version: "1.15.0",
		accept: "^1.11.0",
		versionArgs: ["-version"],
		package: "github.com/coredns/coredns",
		linkerFlags: [],
		baselineSeconds: 96,
	},
	// What `--engine pulumi` runs, where a person has no Pulumi of their own.
	{
		name: "pulumi",
		group: "pulumi",
		version: pulumiVersion,
		accept: ">=3.200.0 <4.0.0",
		versionArgs: ["version"],
		package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
		linkerFlags: [`-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${pulumiVersion}`],
		baselineSeconds: 200,
	},
	{
		name: "pulumi-resource-kubernetes",
		group: "pulumi-kubernetes",
		// A commit after 4.24.0: its module is published without a version of its own.
		version: "4.24.1",
		accept: "^4.18.0",
		versionArgs: [],
		package: "heddle.dev/sandbox/pulumi-kubernetes",
		linkerFlags: ["-X main.version=4.24.1-alpha.20260115"],
		baselineSeconds: 200,
	},
	// What tests run when it is here.
	{
		name: "dapr-injector",
		group: "dapr",
		version: "1.14.0",
		accept: "1.14.0",
		versionArgs: [],
		package: "heddle.dev/sandbox/dapr",
		linkerFlags: [],
		baselineSeconds: 60,
	},
]

export function binary(name: BinaryName): Binary {
	const found = binaries.find((entry) => entry.name === name)
	if (!found) throw new Error(`no binary named ${name} in the catalogue`)
	return found
}
