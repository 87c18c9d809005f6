export type Memory = {readonly buffer: ArrayBuffer}
export type Named = {readonly module: string; readonly name: string; readonly kind: string}
type Imports = Record<string, Record<string, unknown>>

/** The part of Node's own engine that is used here; its types come with browsers' and not with Node's. */
type Engine = {
	readonly Module: {new (bytes: Uint8Array<ArrayBuffer>): object; imports(module: object): Named[]}
	readonly Instance: new (module: object, imports: Imports) => {readonly exports: Record<string, unknown>}
	readonly Memory: new (limits: {readonly initial: number}) => Memory
}

export const engine = (globalThis as unknown as {readonly WebAssembly: Engine}).WebAssembly
