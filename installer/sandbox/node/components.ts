import type {Component} from "../control-plane/commands.ts"
import {nodeAddress, nodeFiles, nodeName} from "./settings.ts"

/** What runs inside of a node's namespaces. */
export const containerd: Component = {
	name: "containerd",
	binary: "containerd",
	place: "node",
	args: ({at}) => [`--config=${nodeFiles(at.folder).containerdConfig}`, "--log-level=warn"],
}

export const kubelet: Component = {
	name: "kubelet",
	binary: "kubelet",
	place: "node",
	args: ({at}) => [
		`--config=${nodeFiles(at.folder).kubeletConfig}`,
		`--kubeconfig=${at.kubeconfig}`,
		"--root-dir=/run/heddle/kubelet",
		"--cert-dir=/run/heddle/kubelet/pki",
		`--hostname-override=${nodeName}`,
		`--node-ip=${nodeAddress}`,
		"--v=1",
	],
}

export const kubeProxy: Component = {
	name: "kube-proxy",
	binary: "kube-proxy",
	place: "node",
	args: ({at}) => [`--config=${nodeFiles(at.folder).proxyConfig}`],
}

/** Metrics of the sidecars, as a gate reads them; on the loopback of the node, and through the relay of the host. */
export const prometheusArgs = (folder: string, port: number): string[] => {
	const files = nodeFiles(folder)
	return [
		`--config.file=${files.prometheusConfig}`,
		`--storage.tsdb.path=${files.prometheusData}`,
		"--storage.tsdb.retention.time=2h",
		`--web.listen-address=127.0.0.1:${port}`,
		"--log.level=warn",
	]
}

/** What a node's programs call by plain name. */
export const toolPath = (folder: string): string =>
	[nodeFiles(folder).bin, process.env.PATH ?? "", "/usr/sbin", "/sbin"].filter(Boolean).join(":")
