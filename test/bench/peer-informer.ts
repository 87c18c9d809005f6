import {CoreV1Api, KubeConfig, makeInformer} from "@kubernetes/client-node"

/* The peer: all pods in the informer that comes with client-node. Ends when its standard input does. */

const config = new KubeConfig()
config.loadFromFile(process.argv[2] ?? "")
const api = config.makeApiClient(CoreV1Api)
const informer = makeInformer(config, "/api/v1/pods", () => api.listPodForAllNamespaces())
let count = 0
informer.on("add", () => count++)
informer.on("error", (error) => {
	console.error(error)
	process.exit(1)
})
await informer.start()
console.log(`synced ${count}`)
process.stdin.on("end", () => process.exit(0)).resume()
