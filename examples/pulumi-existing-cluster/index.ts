import {Provider} from "@pulumi/kubernetes"
import {Config} from "@pulumi/pulumi"
import {GatewayApi, HeddleOperator, IstioAmbient, MeshProfile} from "heddle/pulumi"

/*
 * pulumi config set kubeconfig --path ~/.kube/config   (or kubernetes:context for the one that is current)
 * pulumi up
 */

const config = new Config()
const kubeconfig = config.get("kubeconfig")
const provider = new Provider("cluster", {
	...(kubeconfig === undefined ? {} : {kubeconfig}),
	enableServerSideApply: true,
})

const gatewayApi = new GatewayApi("gateway-api", {}, {provider})

/** With a revision of its own: the next version is installed beside it, and goes when no pod uses it. */
new IstioAmbient("istio", {version: "1.31.1", revision: "1-31-1"}, {provider, dependsOn: gatewayApi})

const operator = new HeddleOperator("heddle", {}, {provider})

/** Every namespace of the team is to be on the ambient dataplane; Heddle moves the workloads that run there. */
new MeshProfile(
	"payments",
	{
		profileName: "payments",
		spec: {
			namespaceSelector: {matchLabels: {team: "payments"}},
			dataplane: {mode: "Sidecarless", provider: "istio-ambient", revision: "1-31-1"},
			mtls: "Strict",
			migration: {approval: "Manual", waves: {soak: "5m"}},
		},
	},
	{provider, dependsOn: operator},
)
