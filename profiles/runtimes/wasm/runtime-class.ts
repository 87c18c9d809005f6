import {clusterScoped} from "../../snapshot/kinds.ts"
import type {KubeObject, StringMap} from "../../snapshot/object.ts"

export type RuntimeClassShape = KubeObject & {
	readonly handler?: string
	readonly scheduling?: {readonly nodeSelector?: StringMap}
}

export const RuntimeClass = clusterScoped<RuntimeClassShape>(
	"node.k8s.io",
	"v1",
	"RuntimeClass",
	"runtimeclasses",
)

/**
 * What runs the containers of a pod. runwasi's shims look at each image and run a native one by youki
 * (runwasi:docs, architecture); crun has to be told to look (crun#829); spin's shims came to it late
 * (containerd-wasm-shims#105).
 */
export type Shim = "runwasi" | "crun" | "spin"

export type Handler = {readonly engine: string; readonly shim: Shim}

/**
 * Handlers by the names that their projects document. A handler is a key in the configuration of a node's container
 * runtime and could stand for anything: the name is a convention, and no proof.
 */
const handlers: readonly (readonly [pattern: RegExp, handler: Handler])[] = [
	[/^crun.*wasmtime/, {engine: "wasmtime", shim: "crun"}],
	[/^crun/, {engine: "wasmedge", shim: "crun"}],
	[/^(wasmtime-spin|spin)(-v\d+)?$/, {engine: "wasmtime", shim: "spin"}],
	[/^wasmedge(-v\d+)?$/, {engine: "wasmedge", shim: "runwasi"}],
	[/^wasmtime(-v\d+)?$/, {engine: "wasmtime", shim: "runwasi"}],
	[/^(wasmer|wamr)(-v\d+)?$/, {engine: "another", shim: "runwasi"}],
]

export function handlerOf({handler = ""}: RuntimeClassShape): Handler | undefined {
	return handlers.find(([pattern]) => pattern.test(handler))?.[1]
}
