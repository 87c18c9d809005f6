import {readFileSync, renameSync, writeFileSync} from "node:fs"
import {follow, type Item} from "../cni/watch.ts"
import {sidecarTargets, type Target} from "./targets.ts"

/*
 * Tells Prometheus which sidecars there are, by a file: Debian's build of it cannot ask Kubernetes.
 * Arguments: server, CA file, token file, the file to write.
 */
const [server = "", caFile = "", tokenFile = "", target = ""] = process.argv.slice(2)
const access = {
	server,
	ca: readFileSync(caFile, "utf8"),
	token: readFileSync(tokenFile, "utf8").split(",", 1)[0] ?? "",
}

const pods = new Map<string, Item>()
const keyOf = ({metadata}: Item) => `${metadata.namespace}/${metadata.name}`
let written = ""

/** Renamed into place, so that Prometheus never reads half of it. */
function write(): void {
	const targets: Target[] = sidecarTargets([...pods.values()])
	const text = JSON.stringify(targets)
	if (text === written) return
	writeFileSync(`${target}.new`, text)
	renameSync(`${target}.new`, target)
	written = text
}

await follow(access, "/api/v1/pods", {
	replace: (items) => {
		pods.clear()
		for (const item of items) pods.set(keyOf(item), item)
		write()
	},
	changed: (item) => {
		pods.set(keyOf(item), item)
		write()
	},
	gone: (item) => {
		pods.delete(keyOf(item))
		write()
	},
})
