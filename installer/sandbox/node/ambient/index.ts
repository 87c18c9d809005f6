import {findProgram} from "../../bin/explicit.ts"
import {step} from "../../events.ts"
import {until} from "../../kube/retry.ts"
import type {Addition} from "../addition.ts"
import {programOf} from "../prepare.ts"
import {installCniImage, ztunnelImage} from "./images.ts"
import {objects, settings} from "./istio.ts"

type DaemonSet = {status?: {desiredNumberScheduled?: number; numberReady?: number}}

const agents = ["istio-cni-node", "ztunnel"]

/** Istio's ambient: its node agent and its CNI plugin are built like the rest; ztunnel is in no registry. */
export const ambient: Addition = {
	name: "ambient",
	title: "Istio's ambient",
	isFor: ({mesh}) => mesh === "istio",
	missing: async (env) =>
		(await findProgram("ztunnel", env)) === undefined
			? "ztunnel is not found: put it on PATH, or set HEDDLE_BIN_ZTUNNEL to it (it is built from https://github.com/istio/ztunnel)."
			: undefined,
	programs: ["istio-cni", "install-cni"],
	istio: {settings, objects},
	images: async ({programs}, {tools}) => {
		const iptables = tools.get("iptables")
		const ztunnel = await findProgram("ztunnel")
		if (!iptables || !ztunnel) throw new Error("the parts of ambient were not obtained before their use")
		return [
			await ztunnelImage(ztunnel),
			await installCniImage({
				agent: programOf(programs, "install-cni"),
				plugin: programOf(programs, "istio-cni"),
				iptables,
			}),
		]
	},
	install: async ({signal, onEvent}, kube) => {
		await step(onEvent, "ambient", "Wait for ztunnel and Istio's node agent", async () => {
			for (const name of agents) {
				const path = `/apis/apps/v1/namespaces/istio-system/daemonsets/${name}`
				const waiting = {what: `${name} is ready`, timeoutMs: 180_000, signal, everyMs: 200}
				await until(waiting, async () => {
					const {status} = await kube.call<DaemonSet>("GET", path)
					const {desiredNumberScheduled = 0, numberReady = 0} = status ?? {}
					return (desiredNumberScheduled > 0 && numberReady >= desiredNumberScheduled) || undefined
				})
			}
		})
	},
}
