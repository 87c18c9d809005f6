import {parentPort, workerData} from "node:worker_threads"
import {engine, type Memory} from "./engine.ts"
import type {Stage} from "./run.ts"
import {Exited, stubs} from "./stubs.ts"

/*
 * The thread in which a module that nobody trusts is compiled and initialised. It ends the initialisation where the
 * first function of a proxy would be called: those depend on answers that only a real host has.
 */

const tell = (message: object) => parentPort?.postMessage(message)
const stage = (name: Stage) => tell({stage: name})

try {
	run(workerData as Uint8Array<ArrayBuffer>)
	tell({done: true})
} catch (error) {
	tell({failed: messageOf(error)})
}

function run(bytes: Uint8Array<ArrayBuffer>): void {
	stage("compile")
	const module = new engine.Module(bytes)
	let memory: Memory | undefined
	stage("instantiate")
	const given = stubs(engine.Module.imports(module), () => memory)
	const {exports} = new engine.Instance(module, given)
	memory = Object.values(exports).find((one) => one instanceof engine.Memory)
	// What the C++ host runs as soon as a module is loaded (proxy-wasm-cpp-host:src/wasm.cc, startVm).
	if (typeof exports._initialize === "function") {
		stage("_initialize")
		exports._initialize()
		const main = exports.main ?? exports.__main_void
		if (typeof main === "function") {
			stage("main")
			main(0, 0)
		}
	} else if (typeof exports._start === "function") {
		stage("_start")
		exports._start()
	}
	tell({memoryBytes: memory?.buffer.byteLength ?? 0})
}

function messageOf(error: unknown): string {
	if (error instanceof Exited) return error.message
	return error instanceof Error ? error.message : String(error)
}
