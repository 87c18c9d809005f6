import {join} from "node:path"
import type {BinaryName} from "../bin/catalogue.ts"
import type {Layout} from "../layout.ts"
import type {Place} from "../node/inside.ts"
import {nodeAddress, serviceNetwork} from "../node/settings.ts"
import type {PortName, Size} from "../state.ts"

/** How each program of the control plane is started. Pure: what goes in is all that decides what comes out. */
type Context = {at: Layout; ports: Partial<Record<PortName, number>>; size: Size}

export type Component = {
	name: string
	binary: BinaryName
	/** Where it runs in a sandbox with a real node; by default in that node's network. */
	place?: Place
	args(context: Context): string[]
}

const socket = (at: Layout, name: string) => `unix://${join(at.sockets, `${name}.sock`)}`

/** On a socket in a private folder, not on a port: it knows no passwords, and other users share the loopback. */
export const etcd: Component = {
	name: "etcd",
	binary: "etcd",
	args: ({at}) => [
		`--data-dir=${at.etcdData}`,
		"--unsafe-no-fsync", // a throw-away cluster may lose its last second in a power cut
		"--log-level=warn",
		`--listen-client-urls=${socket(at, "etcd")}`,
		`--advertise-client-urls=${socket(at, "etcd")}`,
		`--listen-peer-urls=${socket(at, "peer")}`,
		`--initial-advertise-peer-urls=${socket(at, "peer")}`,
		`--initial-cluster=default=${socket(at, "peer")}`,
		"--quota-backend-bytes=8589934592", // benches fill it with tens of thousands of pods
		"--auto-compaction-mode=periodic",
		"--auto-compaction-retention=5m",
	],
}

const reachableBy: Record<Size, readonly string[]> = {
	// Loopback may not be advertised and a laptop may have no other address; nothing reads it here.
	kwok: ["--bind-address=127.0.0.1", "--advertise-address=192.0.2.1", "--endpoint-reconciler-type=none"],
	// All addresses of the node's own network namespace: pods come by one of them, the host by a relay.
	node: [
		"--bind-address=0.0.0.0",
		`--advertise-address=${nodeAddress}`,
		"--kubelet-preferred-address-types=InternalIP", // its name is nowhere to be resolved
	],
}

export const apiserver: Component = {
	name: "kube-apiserver",
	binary: "kube-apiserver",
	args: ({at, ports, size}) => [
		`--etcd-servers=${socket(at, "etcd")}`,
		`--secure-port=${ports.apiserver}`,
		...reachableBy[size],
		`--cert-dir=${at.certs}`,
		`--token-auth-file=${at.tokens}`,
		"--anonymous-auth=false",
		"--authorization-mode=RBAC",
		"--allow-privileged=true", // the node agents of a mesh are privileged
		"--service-account-issuer=https://kubernetes.default.svc.cluster.local",
		`--service-account-key-file=${at.serviceAccountPublicKey}`,
		`--service-account-signing-key-file=${at.serviceAccountKey}`,
		`--service-cluster-ip-range=${serviceNetwork}`,
		"--max-requests-inflight=2000",
		"--max-mutating-requests-inflight=1000",
		"--profiling=false",
	],
}

export const controllerManager: Component = {
	name: "kube-controller-manager",
	binary: "kube-controller-manager",
	args: ({at}) => [
		`--kubeconfig=${at.kubeconfig}`,
		"--leader-elect=false",
		"--secure-port=0", // nobody asks it anything
		`--service-account-private-key-file=${at.serviceAccountKey}`,
		`--root-ca-file=${at.ca}`,
		"--use-service-account-credentials=false",
		"--kube-api-qps=500",
		"--kube-api-burst=1000",
		// Simulated pods come and go by the thousand.
		"--concurrent-deployment-syncs=20",
		"--concurrent-replicaset-syncs=20",
		"--concurrent-gc-syncs=30",
		"--concurrent-namespace-syncs=20",
		"--concurrent-serviceaccount-token-syncs=10",
		"--mirroring-concurrent-service-endpoint-syncs=1",
	],
}

export const scheduler: Component = {
	name: "kube-scheduler",
	binary: "kube-scheduler",
	args: ({at}) => [
		`--kubeconfig=${at.kubeconfig}`,
		"--leader-elect=false",
		"--secure-port=0",
		"--kube-api-qps=1000",
		"--kube-api-burst=2000",
	],
}

const settings = ["config.yaml", "node.yaml", "pod-run.yaml", "pod-faults.yaml", "pod-end.yaml"]

/** The stand-in for every kubelet. */
export const kwok: Component = {
	name: "kwok",
	binary: "kwok",
	args: ({at}) => [
		`--kubeconfig=${at.kubeconfig}`,
		"--manage-all-nodes=true",
		"--node-lease-duration-seconds=40",
		"--v=WARN",
		"--cidr=10.0.0.0/8",
		...settings.map((file) => `--config=${join(import.meta.dirname, "..", "kwok", file)}`),
	],
}
