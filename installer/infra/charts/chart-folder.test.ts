import {mkdirSync, writeFileSync} from "node:fs"
import {join} from "node:path"
import {expect, onTestFinished, test} from "vitest"
import {temporaryFolder} from "../../sandbox/temporary-folder.ts"
import {charts} from "./chart.ts"
import {inFolder} from "./chart-folder.ts"
import {locate} from "./locate.ts"

const folder = () => temporaryFolder(onTestFinished)

test("an archive is taken, and so is an unpacked chart of that very version", async () => {
	const at = folder()
	writeFileSync(join(at, "istiod-1.31.1.tgz"), "")
	expect(await inFolder(at, charts.istiod, "1.31.1")).toBe(join(at, "istiod-1.31.1.tgz"))
	mkdirSync(join(at, "gateway-helm"))
	writeFileSync(join(at, "gateway-helm", "Chart.yaml"), 'name: gateway-helm\nversion: "v1.9.0" # stamped\n')
	expect(await inFolder(at, charts.envoyGateway, "1.9.0")).toBe(join(at, "gateway-helm"))
})

test("another version is not taken in its place, and the message names what was looked for and what is there", async () => {
	const at = folder()
	mkdirSync(join(at, "ztunnel"))
	writeFileSync(join(at, "ztunnel", "Chart.yaml"), "name: ztunnel\nversion: 1.30.0\n")
	await expect(inFolder(at, charts.ztunnel, "1.31.1")).rejects.toThrow(
		/ztunnel 1\.31\.1 is not in .*ztunnel-1\.31\.1\.tgz.*is version 1\.30\.0/,
	)
	await expect(inFolder(join(at, "nowhere"), charts.ztunnel, "1.31.1")).rejects.toThrow(/does not exist/)
})

test("without a network the message names the chart, its source, and how to bring it here", async () => {
	process.env.HEDDLE_OFFLINE = "1"
	onTestFinished(() => {
		delete process.env.HEDDLE_OFFLINE
	})
	const failure = await locate(charts.dapr, "1.18.999", undefined).catch((error: unknown) => error)
	expect(failure).toMatchObject({
		message: expect.stringContaining(
			"dapr 1.18.999 cannot be fetched from https://dapr.github.io/helm-charts",
		),
		fix: expect.stringContaining("--chart-dir"),
		nextSteps: [
			"helm pull dapr --repo https://dapr.github.io/helm-charts --version 1.18.999 --destination charts",
		],
	})
})
