import type {KubeObject} from "../../profiles/snapshot/object.ts"
import type {Prober} from "./course.ts"
import type {ClientMesh} from "./manifests.ts"

const policy = (name: string, namespace: string, spec: object): KubeObject => ({
	apiVersion: "security.istio.io/v1",
	kind: "AuthorizationPolicy",
	metadata: {name, namespace},
	...{spec: {selector: {matchLabels: {app: "app"}}, ...spec}},
})

/** Only the callers of `clients` by these accounts may call the application: a rule that ztunnel can check. */
export function callersAlone(namespace: string, clients: string, accounts: readonly string[]): KubeObject {
	const principals = accounts.map((account) => `cluster.local/ns/${clients}/sa/${account}`)
	return policy("callers", namespace, {action: "ALLOW", rules: [{from: [{source: {principals}}]}]})
}

/** And nobody may ask for /admin: a rule about HTTP. */
export const policies = (namespace: string, clients: string, accounts: readonly string[]): KubeObject[] => [
	callersAlone(namespace, clients, accounts),
	policy("no-admin", namespace, {
		action: "DENY",
		rules: [{to: [{operation: {paths: ["/admin"], ports: ["8080"]}}]}],
	}),
]

export const callers = ["steady", "fresh", "long", "admin"]

/** In the mesh, with an identity that no rule allows. */
const intruder = (mesh: ClientMesh): Prober => ({name: "intruder", path: "/", mesh})
/** With an identity that is allowed, on a path that is not. */
const admin = (mesh: ClientMesh): Prober => ({name: "admin", path: "/admin", mesh})
/** Outside of the mesh: plaintext without any identity. */
const outsider: Prober = {name: "outsider", path: "/", mesh: "none"}

/** Each of them must be refused at every moment, whoever it is that refuses. */
export const intruders = (mesh: ClientMesh): readonly Prober[] => [intruder(mesh), admin(mesh), outsider]
/** Those whom `callersAlone` refuses. */
export const strangers = (mesh: ClientMesh): readonly Prober[] => [intruder(mesh), outsider]

export const peerAuthentication = (namespace: string, mode: "STRICT" | "PERMISSIVE"): KubeObject => ({
	apiVersion: "security.istio.io/v1",
	kind: "PeerAuthentication",
	metadata: {name: "default", namespace},
	...{spec: {mtls: {mode}}},
})
