import {type BinaryName, binary} from "./bin/catalogue.ts"
import {resolve} from "./bin/resolve.ts"
import {step} from "./events.ts"
import {additionsOf} from "./node/additions.ts"
import type {Session} from "./session.ts"
import type {Size, State} from "./state.ts"

const base: BinaryName[] = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"]

const ofSize: Record<Size, BinaryName[]> = {
	kwok: ["kwok"],
	node: [
		...(["kubelet", "kube-proxy", "containerd", "containerd-shim-runc-v2", "ctr", "coredns"] as const),
		...(["cni-ptp", "cni-host-local", "cni-loopback", "pilot-agent"] as const),
	],
}

const programsFor = (state: State): BinaryName[] => [
	...base,
	...ofSize[state.size ?? "kwok"],
	...(state.mesh === "istio" ? (["pilot-discovery", "istioctl"] as const) : []),
	...additionsOf(state).flatMap(({programs}) => programs),
]

/** One after the other: a compiler takes every core there is, so two at once gain nothing and confuse the estimates. */
export async function resolvePrograms(session: Session): Promise<void> {
	const {onEvent, signal, programs, state} = session
	await step(onEvent, "programs", "Find the programs", async (progress) => {
		const names = programsFor(state)
		for (const [index, name] of names.entries()) {
			signal?.throwIfAborted()
			const {path, source, version} = await resolve(binary(name), {onEvent, signal})
			programs.set(name, path)
			state.versions[name] = version
			progress({note: `${name} ${version} (${source})`, fraction: (index + 1) / names.length})
		}
	})
}
