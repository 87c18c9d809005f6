import {createReadStream, writeFileSync} from "node:fs"
import {join} from "node:path"
import {extract} from "tar-stream"
import {expect, onTestFinished, test} from "vitest"
import {temporaryFolder} from "../temporary-folder.ts"
import {type Image, writeArchive} from "./image/archive.ts"
import {inside} from "./inside.ts"
import {missingForNode} from "./requirements.ts"
import {sidecarTargets} from "./targets.ts"

const command = {command: "kubelet", args: ["--v=1"]}

test("a command on the host stays as it is", () => {
	expect(inside(7, "host", command)).toEqual(command)
})

test("a command in the node's network enters nothing but its network", () => {
	const {command: program, args} = inside(7, "network", command)
	expect([program, ...args]).toEqual(["nsenter", "--net=/proc/7/ns/net", "--", "kubelet", "--v=1"])
})

test("a command on the node enters its processes too, so that it ends with them", () => {
	expect(inside(7, "node", command).args).toContain("--pid")
})

test("only pods with a sidecar and an address are scraped", () => {
	const pod = (name: string, annotations: Record<string, string>, podIP?: string) => ({
		metadata: {name, namespace: "shop", resourceVersion: "1", annotations},
		status: podIP === undefined ? {} : {podIP},
	})
	const injected = {"sidecar.istio.io/status": "{}"}
	const pods = [pod("cart", injected, "10.0.0.1"), pod("early", injected), pod("plain", {}, "10.0.0.2")]
	expect(sidecarTargets(pods)).toEqual([
		{targets: ["10.0.0.1:15020"], labels: {namespace: "shop", pod: "cart"}},
	])
})

async function namesIn(archive: string): Promise<string[]> {
	const names: string[] = []
	const reader = createReadStream(archive).pipe(extract())
	for await (const entry of reader) {
		names.push(entry.header.name)
		entry.resume()
	}
	return names
}

test("an image is an OCI layout, the same one for the same files", async () => {
	const folder = temporaryFolder(onTestFinished)
	const source = join(folder, "program")
	writeFileSync(source, "#!/bin/sh\n")
	const image: Image = {
		name: "heddle.local/test:1",
		entries: [
			{path: "bin/program", source, mode: 0o755},
			{path: "tmp", folder: true},
			{path: "bin/alias", link: "program"},
		],
		entrypoint: ["/bin/program"],
	}
	await writeArchive(image, join(folder, "one.tar"))
	await writeArchive(image, join(folder, "two.tar"))
	const names = await namesIn(join(folder, "one.tar"))
	expect(names.filter((name) => name.startsWith("blobs/sha256/"))).toHaveLength(3)
	expect(names.slice(-2)).toEqual(["oci-layout", "index.json"])
	expect(await namesIn(join(folder, "two.tar"))).toEqual(names)
})

test("who cannot run a node is told what is missing, and what to do about it", async () => {
	const missing = await missingForNode({PATH: ""})
	for (const {what, next} of missing) expect([what, next]).not.toContain("")
	const able = process.platform === "linux" && process.getuid?.() === 0
	expect(missing[0]?.what).toMatch(able ? /command|namespaces|cgroup|runc/ : /Linux|root/)
})
