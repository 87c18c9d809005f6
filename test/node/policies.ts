import type {KubeObject} from "../../profiles/snapshot/object.ts"
import type {Prober} from "./course.ts"

/** Only the callers of `clients` by these accounts may call the application; nobody may ask for /admin. */
export function policies(namespace: string, clients: string, accounts: readonly string[]): KubeObject[] {
	const selector = {matchLabels: {app: "app"}}
	const principals = accounts.map((account) => `cluster.local/ns/${clients}/sa/${account}`)
	const policy = (name: string, spec: object): KubeObject => ({
		apiVersion: "security.istio.io/v1",
		kind: "AuthorizationPolicy",
		metadata: {name, namespace},
		...{spec: {selector, ...spec}},
	})
	return [
		policy("callers", {action: "ALLOW", rules: [{from: [{source: {principals}}]}]}),
		policy("no-admin", {action: "DENY", rules: [{to: [{operation: {paths: ["/admin"], ports: ["8080"]}}]}]}),
	]
}

export const callers = ["steady", "fresh", "long", "admin"]

/** Each of them must be refused at every moment, whoever it is that refuses. */
export const intruders: readonly Prober[] = [
	// In the mesh, with an identity that no rule allows.
	{name: "intruder", path: "/", mesh: "sidecar"},
	// With an identity that is allowed, on a path that is not.
	{name: "admin", path: "/admin", mesh: "sidecar"},
	// Outside of the mesh: plaintext without any identity.
	{name: "outsider", path: "/", mesh: "none"},
]

export const peerAuthentication = (namespace: string, mode: "STRICT" | "PERMISSIVE"): KubeObject => ({
	apiVersion: "security.istio.io/v1",
	kind: "PeerAuthentication",
	metadata: {name: "default", namespace},
	...{spec: {mtls: {mode}}},
})
