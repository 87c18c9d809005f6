import {writeSync} from "node:fs"
import type {SerializedError} from "vitest"
import type {Reporter, TestCase, TestModule, TestSuite} from "vitest/node"

export type Counts = {passed: number; failed: number; skipped: number}

/**
 * Ends a run with one line, `N passed, N failed, N skipped`, and lists above it what was skipped and why.
 * What fails outside a test (a file that does not load, a hook, a stray rejection) counts as failed, and so does a
 * run without any test: nothing that went wrong may look like nothing to do.
 */
export class ClosingLine implements Reporter {
	#counts: Counts | undefined
	#skips: string[] = []

	/** Printed when the process ends: tearing a world down happens after the last test, and may print too. */
	onInit(): void {
		process.once("exit", () => {
			const counts = this.#counts ?? {passed: 0, failed: 1, skipped: 0}
			if (counts.failed > 0) process.exitCode = 1
			writeSync(1, `\n${[...this.#skips, closingLine(counts)].join("\n")}\n`)
		})
	}

	onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
		this.#counts = countOf(modules, unhandled.length)
		this.#skips = modules.flatMap((module) => [...module.children.allTests("skipped")]).flatMap(skipOf)
		if (this.#counts.failed > 0) process.exitCode = 1
	}
}

function closingLine({passed, failed, skipped}: Counts): string {
	return `${passed} passed, ${failed} failed, ${skipped} skipped`
}

function countOf(modules: readonly TestModule[], unhandled: number): Counts {
	const tests = modules.flatMap((module) => [...module.children.allTests()])
	const suites = modules.flatMap((module): (TestModule | TestSuite)[] => [
		module,
		...module.children.allSuites(),
	])
	const broken = suites.filter((suite) => suite.errors().length > 0).length
	const count = (state: string) => tests.filter((test) => test.result().state === state).length
	const failed = count("failed") + count("pending") + broken + unhandled
	return {
		passed: count("passed"),
		failed: tests.length === 0 ? Math.max(failed, 1) : failed,
		skipped: count("skipped"),
	}
}

/** Tests that a filter on the command line leaves out are skipped too, without a reason: those need no line each. */
function skipOf(test: TestCase): string[] {
	const result = test.result()
	return result.state === "skipped" && result.note ? [`skipped: ${test.fullName} (${result.note})`] : []
}
