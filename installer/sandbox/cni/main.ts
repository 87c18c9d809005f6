import {readFileSync} from "node:fs"
import {createKube, KubeError} from "../kube/client.ts"
import {decide, type PodFacts, redirection} from "./decide.ts"
import {follow, type Item} from "./watch.ts"

/**
 * A stand-in for Istio's node agent (istio-cni) on simulated nodes: it marks pods that ambient mode would redirect.
 * A process of its own because enrolment follows the labels of the namespace, which a kwok stage cannot see, and
 * because those labels may change under running pods. It redirects no traffic: there is none.
 *
 * Arguments: server, CA file, token file.
 */
const [server = "", caFile = "", tokenFile = ""] = process.argv.slice(2)
const access = {
	server,
	ca: readFileSync(caFile, "utf8"),
	token: readFileSync(tokenFile, "utf8").split(",", 1)[0] ?? "",
}
const kube = createKube(access)

/** Only the facts that a decision needs are kept: tens of thousands of pods stay small. */
const pods = new Map<string, PodFacts>()
const namespaces = new Map<string, Record<string, string>>()
const busy = new Set<string>()

const keyOf = ({metadata}: Item) => `${metadata.namespace}/${metadata.name}`

function factsOf({metadata, spec, status}: Item): PodFacts {
	return {
		namespace: metadata.namespace ?? "",
		labels: metadata.labels ?? {},
		annotations: pick(metadata.annotations ?? {}, [redirection, "sidecar.istio.io/status"]),
		hostNetwork: spec?.hostNetwork ?? false,
		running: Boolean(status?.podIP) && (status?.phase === "Running" || status?.phase === "Pending"),
	}
}

function pick(from: Record<string, string>, keys: string[]): Record<string, string> {
	return Object.fromEntries(keys.flatMap((key) => (from[key] === undefined ? [] : [[key, from[key]]])))
}

function consider(key: string): void {
	const pod = pods.get(key)
	if (!pod || busy.has(key)) return
	// Unknown namespace: its own event comes, and then every pod of it is considered again.
	const labels = namespaces.get(pod.namespace)
	const decision = labels ? decide(pod, labels) : "nothing"
	if (decision === "nothing") return
	busy.add(key)
	mark(key, decision === "enrol" ? "enabled" : null)
		.then(
			() => {},
			(error: unknown) => {
				if (!(error instanceof KubeError && error.status === 404)) console.error(`${key}: ${error}`)
			},
		)
		.finally(() => busy.delete(key))
}

async function mark(key: string, value: "enabled" | null): Promise<void> {
	const [namespace, name] = key.split("/")
	const contentType = "application/merge-patch+json"
	const body = {metadata: {annotations: {[redirection]: value}}}
	await kube.call("PATCH", `/api/v1/namespaces/${namespace}/pods/${name}?fieldManager=heddle-sandbox-cni`, {
		body,
		contentType,
	})
}

function podChanged(item: Item): void {
	pods.set(keyOf(item), factsOf(item))
	consider(keyOf(item))
}

function namespaceChanged(item: Item): void {
	const name = item.metadata.name
	namespaces.set(name, item.metadata.labels ?? {})
	for (const [key, pod] of pods) if (pod.namespace === name) consider(key)
}

// A decision that lost a race (an answer still under way, a failed write) is made again here.
setInterval(() => {
	for (const key of pods.keys()) consider(key)
}, 2000)

await Promise.all([
	follow(access, "/api/v1/namespaces", {
		replace: (items) => {
			namespaces.clear()
			items.forEach(namespaceChanged)
		},
		changed: namespaceChanged,
		gone: ({metadata}) => namespaces.delete(metadata.name),
	}),
	follow(access, "/api/v1/pods", {
		replace: (items) => {
			pods.clear()
			items.forEach(podChanged)
		},
		changed: podChanged,
		gone: (item) => pods.delete(keyOf(item)),
	}),
])
