/** What can be installed, by the names of the command line, in the order in which it is. */
export const componentNames = [
	"gateway-api",
	"cilium",
	"istio-sidecar",
	"istio-ambient",
	"kmesh",
	"linkerd",
	"envoy-gateway",
	"dapr",
	"wasm-runtime",
	"operator",
] as const
export type ComponentName = (typeof componentNames)[number]

export const isComponentName = (text: string): text is ComponentName =>
	componentNames.some((name) => name === text)
