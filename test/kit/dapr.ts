import {spawn} from "node:child_process"
import {once} from "node:events"
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs"
import {tmpdir} from "node:os"
import {join} from "node:path"
import {objectsOf} from "../../installer/infra/charts/tidy.ts"
import {binary} from "../../installer/sandbox/bin/catalogue.ts"
import {moduleFolder} from "../../installer/sandbox/bin/go-module.ts"
import {find, resolve} from "../../installer/sandbox/bin/resolve.ts"
import {freePorts} from "../../installer/sandbox/proc/ports.ts"
import {clusterScoped} from "../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import {apply} from "./apply.ts"
import {authority} from "./certificates.ts"
import type {World} from "./open-world.ts"
import {waitFor} from "./wait.ts"

/*
 * Dapr's real injector as a process of this machine, out of Dapr's own module. The rest of Dapr is as its chart writes
 * it, and no more than the injector and a plan look at: CRDs, webhook, the Deployment of the injector and the
 * StatefulSet of the scheduler, whose pods a simulated kubelet would run.
 */

const program = binary("dapr-injector")
const quiet = {onEvent: () => {}}

/** Dapr's injector where it is here or where it may be built: in CI, and where HEDDLE_TEST_BUILD asks for it. */
export const daprInjector = async (): Promise<string | undefined> =>
	process.env.CI || process.env.HEDDLE_TEST_BUILD
		? (await resolve(program, quiet)).path
		: (await find(program, quiet))?.path

const namespace = "dapr-system"
const labels = {app: "dapr-sidecar-injector"}

export type Dapr = {stop(): Promise<void>}

/** Installs Dapr in the cluster and starts its injector. */
export async function startDapr(world: World, path: string): Promise<Dapr> {
	for (const object of [...(await definitions()), ...plane()]) await apply(world, object)
	const [port = 0] = await freePorts(1)
	const ca = authority()
	const folder = mkdtempSync(join(tmpdir(), "dapr-"))
	const file = (name: string, text: string) => {
		writeFileSync(join(folder, name), text, {mode: 0o600})
		return join(folder, name)
	}
	const {cert, key} = ca.issue("localhost")
	const anchors = file("ca.pem", ca.cert)
	const child = spawn(
		path,
		[
			`--kubeconfig=${world.sandbox.kubeconfig}`,
			`--certificate=${file("tls.pem", cert)}`,
			`--key=${file("key.pem", key)}`,
			`--trust-anchors=${anchors}`,
			`--port=${port}`,
		],
		{env: {...process.env, ...settings}, stdio: ["ignore", "pipe", "pipe"]},
	)
	let log = ""
	for (const stream of [child.stdout, child.stderr])
		stream.setEncoding("utf8").on("data", (chunk: string) => (log = (log + chunk).slice(-8_000)))
	await waitFor(
		"Dapr's injector to listen",
		() => (child.exitCode === null ? log : `ended: ${log}`),
		(seen) => seen.includes("patching Dapr-enabled pods") || seen.startsWith("ended"),
		{timeoutMs: 30_000},
	)
	if (child.exitCode !== null) throw new Error(`Dapr's injector ended: ${log}`)
	await apply(world, webhook(port, ca.cert))
	return {
		stop: async () => {
			child.kill("SIGKILL")
			if (child.exitCode === null && child.signalCode === null) await once(child, "exit")
			rmSync(folder, {recursive: true, force: true})
		},
	}
}

/** Takes the webhook away, which would ask a process that is gone. */
export const removeDapr = ({client}: World): Promise<unknown> =>
	client.delete(MutatingWebhookConfiguration, "dapr-sidecar-injector")

const MutatingWebhookConfiguration = clusterScoped(
	"admissionregistration.k8s.io",
	"v1",
	"MutatingWebhookConfiguration",
	"mutatingwebhookconfigurations",
)

/** The settings that the chart gives to the injector. */
const settings = {
	NAMESPACE: namespace,
	SIDECAR_IMAGE: `ghcr.io/dapr/daprd:${program.version}`,
	SIDECAR_IMAGE_PULL_POLICY: "IfNotPresent",
	SIDECAR_RUN_AS_NON_ROOT: "true",
	SIDECAR_READ_ONLY_ROOT_FILESYSTEM: "true",
	DAPR_CONTROL_PLANE_TRUST_DOMAIN: "cluster.local",
	DAPR_SENTRY_ADDRESS: "dapr-sentry.dapr-system.svc.cluster.local:443",
}

async function definitions(): Promise<readonly KubeObject[]> {
	const folder = join(await moduleFolder("dapr", "github.com/dapr/dapr"), "charts", "dapr", "crds")
	return readdirSync(folder)
		.filter((name) => name.endsWith(".yaml"))
		.flatMap((name) => objectsOf(readFileSync(join(folder, name), "utf8"), name))
}

const workload = (kind: string, name: string, image: string, spec: object): KubeObject => ({
	apiVersion: "apps/v1",
	kind,
	metadata: {name, namespace, labels: {app: name}},
	...{
		spec: {
			selector: {matchLabels: {app: name}},
			template: {
				metadata: {labels: {app: name}},
				spec: {containers: [{name, image: `ghcr.io/dapr/${image}:${program.version}`}]},
			},
			...spec,
		},
	},
})

const plane = (): readonly KubeObject[] => [
	{apiVersion: "v1", kind: "Namespace", metadata: {name: namespace}},
	workload("Deployment", labels.app, "injector", {replicas: 1}),
	workload("StatefulSet", "dapr-scheduler-server", "scheduler", {
		replicas: 0,
		serviceName: "dapr-scheduler-server",
	}),
]

/** As the chart has it, but for its address. Source: dapr:charts/dapr/charts/dapr_sidecar_injector/templates */
const webhook = (port: number, ca: string): KubeObject => ({
	apiVersion: "admissionregistration.k8s.io/v1",
	kind: "MutatingWebhookConfiguration",
	metadata: {name: labels.app, labels},
	...{
		webhooks: [
			{
				name: "sidecar-injector.dapr.io",
				reinvocationPolicy: "IfNeeded",
				clientConfig: {url: `https://localhost:${port}/mutate`, caBundle: Buffer.from(ca).toString("base64")},
				rules: [{apiGroups: [""], apiVersions: ["v1"], resources: ["pods"], operations: ["CREATE"]}],
				failurePolicy: "Ignore",
				sideEffects: "None",
				admissionReviewVersions: ["v1", "v1beta1"],
			},
		],
	},
})
