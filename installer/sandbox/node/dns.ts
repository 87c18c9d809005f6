import type {KubeObject} from "../kube/client.ts"
import {imageNames} from "./images.ts"
import {dnsAddress} from "./settings.ts"

const name = "coredns"
const namespace = "kube-system"
const labels = {"k8s-app": "kube-dns"}

/** Names outside of the cluster are answered with "no such name": there is no way out of the node anyway. */
const corefile = `cluster.local in-addr.arpa ip6.arpa {
	errors
	health :8080
	ready :8181
	kubernetes cluster.local in-addr.arpa ip6.arpa {
		pods insecure
		ttl 5
	}
}
. {
	template ANY ANY {
		rcode NXDOMAIN
	}
}
`

const probe = (path: string, port: number) => ({httpGet: {path, port}, periodSeconds: 1})

/** CoreDNS as a cluster has it: behind the Service whose address the kubelet gives to pods. */
export const dnsObjects: readonly KubeObject[] = [
	{apiVersion: "v1", kind: "ServiceAccount", metadata: {name, namespace}},
	{
		apiVersion: "rbac.authorization.k8s.io/v1",
		kind: "ClusterRole",
		metadata: {name: "system:coredns"},
		rules: [
			{apiGroups: [""], resources: ["services", "pods", "namespaces"], verbs: ["list", "watch"]},
			{apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"]},
		],
	},
	{
		apiVersion: "rbac.authorization.k8s.io/v1",
		kind: "ClusterRoleBinding",
		metadata: {name: "system:coredns"},
		roleRef: {apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:coredns"},
		subjects: [{kind: "ServiceAccount", name, namespace}],
	},
	{apiVersion: "v1", kind: "ConfigMap", metadata: {name, namespace}, data: {Corefile: corefile}},
	{
		apiVersion: "v1",
		kind: "Service",
		metadata: {name: "kube-dns", namespace, labels},
		spec: {
			clusterIP: dnsAddress,
			selector: labels,
			ports: [
				{name: "dns", port: 53, protocol: "UDP"},
				{name: "dns-tcp", port: 53, protocol: "TCP"},
			],
		},
	},
	{
		apiVersion: "apps/v1",
		kind: "Deployment",
		metadata: {name, namespace, labels},
		spec: {
			replicas: 1,
			selector: {matchLabels: labels},
			template: {
				metadata: {labels},
				spec: {
					serviceAccountName: name,
					dnsPolicy: "Default",
					containers: [
						{
							name,
							image: imageNames.coredns,
							imagePullPolicy: "Never",
							args: ["-conf", "/etc/coredns/Corefile"],
							readinessProbe: probe("/ready", 8181),
							livenessProbe: {...probe("/health", 8080), periodSeconds: 10, failureThreshold: 6},
							resources: {requests: {cpu: "10m", memory: "32Mi"}},
							volumeMounts: [{name: "config", mountPath: "/etc/coredns"}],
						},
					],
					volumes: [{name: "config", configMap: {name}}],
				},
			},
		},
	},
]
