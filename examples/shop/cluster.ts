import {readFile} from "node:fs/promises"
import {setTimeout as delay} from "node:timers/promises"
import {parseAllDocuments} from "yaml"
import {kubeFor} from "../../installer/sandbox/index.ts"

type Kube = ReturnType<typeof kubeFor>
type Listed = {
	readonly items: readonly {
		readonly metadata: {readonly name: string; readonly namespace: string}
		readonly status?: {readonly conditions?: readonly {readonly type: string; readonly status: string}[]}
	}[]
}

const shop = "labelSelector=shop%3Dheddle"
const patienceMs = 120_000

async function withKube<T>(sandbox: string, work: (kube: Kube) => Promise<T>): Promise<T> {
	const kube = kubeFor(sandbox)
	try {
		return await work(kube)
	} finally {
		kube.close()
	}
}

/** Repeats until it gives something; a shop that does not come to be is an error and not a wait for ever. */
async function until<T>(what: string, attempt: () => Promise<T | undefined>): Promise<T> {
	const deadline = performance.now() + patienceMs
	for (;;) {
		const found = await attempt()
		if (found !== undefined) return found
		if (performance.now() > deadline) throw new Error(`${what}: not within ${patienceMs / 1_000} s`)
		await delay(150)
	}
}

/** What an earlier run left: its profiles and its namespaces go, and it is waited for. */
export async function forgetShop(sandbox: string): Promise<void> {
	await withKube(sandbox, async (kube) => {
		const profiles = await kube.call<Listed>("GET", "/apis/heddle.dev/v1alpha1/meshprofiles")
		const namespaces = await kube.call<Listed>("GET", `/api/v1/namespaces?${shop}`)
		const paths = [
			...namespaces.items.map(({metadata}) => `/api/v1/namespaces/${metadata.name}`),
			...profiles.items.map(({metadata}) => `/apis/heddle.dev/v1alpha1/meshprofiles/${metadata.name}`),
		]
		await Promise.all(paths.map((path) => kube.call("DELETE", path)))
		await until("the shop of an earlier run goes", async () => {
			const lists = await Promise.all(
				["/apis/heddle.dev/v1alpha1/meshprofiles", `/api/v1/namespaces?${shop}`].map((path) =>
					kube.call<Listed>("GET", path),
				),
			)
			return lists.every(({items}) => items.length === 0) || undefined
		})
	})
}

export async function applyFile(sandbox: string, path: string): Promise<void> {
	const documents = parseAllDocuments(await readFile(path, "utf8")).map((document) => document.toJS())
	await withKube(sandbox, async (kube) => {
		for (const object of documents) await kube.apply(object)
	})
}

/** Waits until the pods of the shop are Ready, and says how many there are. */
export function listPods(sandbox: string): Promise<string> {
	return withKube(sandbox, (kube) =>
		until("the pods of the shop become ready", async () => {
			const {items} = await kube.call<Listed>("GET", "/api/v1/pods")
			const pods = items.filter(({metadata}) => metadata.namespace.startsWith("shop-"))
			const ready = pods.filter(({status}) =>
				status?.conditions?.some((one) => one.type === "Ready" && one.status === "True"),
			)
			const all = ready.length === pods.length && pods.length >= shopPods
			return all
				? `${pods.length} pods in ${new Set(pods.map(({metadata}) => metadata.namespace)).size} namespaces, all ready`
				: undefined
		}),
	)
}

/** web 2, cart 3, store 3, orders 2. */
const shopPods = 10
