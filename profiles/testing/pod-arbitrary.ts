import fc from "fast-check"
import type {Container, ContainerStatus, Pod} from "../snapshot/shapes.ts"

/*
 * Pods that say anything: marks of every mesh in every combination, with or without what they stand for, as people,
 * tools and half-finished injections leave them.
 */

const images = [
	"registry.istio.io/release/proxyv2:1.31.1",
	"mosnio/proxyv2:v1.0.0-1.10.6",
	"cr.l5d.io/linkerd/proxy:edge-26.8.3",
	"registry.example/app:1",
]

const container = fc.record({
	name: fc.constantFrom("app", "istio-proxy", "linkerd-proxy", "linkerd-init", "istio-init", "daprd"),
	image: fc.constantFrom(...images),
	always: fc.boolean(),
})

type Drawn = {readonly name: string; readonly image: string; readonly always: boolean}

const asMain = ({name, image}: Drawn): Container => ({name, image})
const asInit = ({always, ...rest}: Drawn): Container => ({
	...asMain({...rest, always}),
	...(always ? {restartPolicy: "Always"} : {}),
})

/** Few marks at a time, so that a single capture is as frequent as a double one. */
const marks = (known: Readonly<Record<string, readonly string[]>>) => {
	const entries = Object.entries(known).flatMap(([key, values]) =>
		values.map((value): readonly [string, string] => [key, value]),
	)
	return fc
		.uniqueArray(fc.constantFrom(...entries), {maxLength: 3, selector: ([key]) => key})
		.map((chosen): Readonly<Record<string, string>> => Object.fromEntries(chosen))
}

const annotations = marks({
	"sidecar.istio.io/status": ["{}", '{"containers":["istio-proxy"]}'],
	"istio.io/rev": ["default", "1-10"],
	"ambient.istio.io/redirection": ["enabled", "pending", "disabled", "yes"],
	"kmesh.net/redirection": ["enabled", "yes"],
	"ambient.networking.gke.io/redirection": ["enabled", "disabled"],
	"linkerd.io/inject": ["enabled", "disabled"],
	"linkerd.io/proxy-version": ["edge-26.8.3"],
})

const labels = marks({
	"istio.io/dataplane-mode": ["ambient", "kmesh", "Kmesh", "none"],
	"sidecar.istio.io/inject": ["true", "false"],
	"security.istio.io/tlsMode": ["istio"],
	"linkerd.io/control-plane-ns": ["linkerd"],
})

/** True once in `times`. */
const rarely = (times: number) => fc.nat(times - 1).map((drawn) => drawn === 0)

const names = ({name}: Drawn): string => name
const drawn = fc.uniqueArray(container, {minLength: 1, maxLength: 4, selector: names})

export const anyPod: fc.Arbitrary<Pod> = fc
	.record({
		main: drawn,
		init: fc.uniqueArray(container, {maxLength: 3, selector: names}),
		annotations,
		labels,
		node: fc.constantFrom("n1", "n1", "n2", undefined),
		ready: fc.boolean(),
		readyContainers: fc.subarray([
			"app",
			"istio-proxy",
			"linkerd-proxy",
			"linkerd-init",
			"istio-init",
			"daprd",
		]),
		ended: rarely(10),
		hostNetwork: rarely(10),
		terminating: rarely(10),
	})
	.map((one): Pod => {
		const init = one.init.filter(({name}) => !one.main.some((other) => other.name === name))
		const statusOf = ({name}: Drawn): ContainerStatus => ({name, ready: one.readyContainers.includes(name)})
		return {
			apiVersion: "v1",
			kind: "Pod",
			metadata: {
				name: "p",
				namespace: "shop",
				labels: one.labels,
				annotations: one.annotations,
				...(one.terminating ? {deletionTimestamp: "2026-01-01T00:00:00Z"} : {}),
			},
			spec: {
				containers: one.main.map(asMain),
				initContainers: init.map(asInit),
				...(one.node === undefined ? {} : {nodeName: one.node}),
				...(one.hostNetwork ? {hostNetwork: true} : {}),
			},
			status: {
				phase: one.ended ? "Succeeded" : "Running",
				conditions: [{type: "Ready", status: one.ready ? "True" : "False"}],
				containerStatuses: one.main.map(statusOf),
				initContainerStatuses: init.map(statusOf),
			},
		}
	})
