import {defineConfig} from "vitest/config"
import {ClosingLine} from "./test/kit/closing-line.ts"

/** On a machine that is busy with other work every wait may take longer; see test/kit/wait.ts. */
const generous = Number(process.env.HEDDLE_TEST_PATIENCE ?? (process.env.CI ? 2 : 1))

/** Four projects, one after the other, so that the cheapest answer comes first. */
export default defineConfig({
	test: {
		reporters: [["default", {summary: false}], new ClosingLine()],
		expect: {requireAssertions: true},
		projects: [
			{
				test: {
					name: "check",
					include: ["scripts/checks.test.ts"],
					testTimeout: 180_000 * generous,
					sequence: {groupOrder: 0},
				},
			},
			{
				test: {
					name: "unit",
					include: [
						"{crds,profiles,operator,installer,scripts,examples}/**/*.test.ts",
						"test/kit/**/*.test.ts",
						"test/corpus/**/*.test.ts",
					],
					exclude: ["scripts/checks.test.ts", "**/node_modules/**"],
					setupFiles: ["test/kit/seed.ts"],
					// For what hangs, never a measure: thousands of random cases on a busy machine take as long as they take.
					testTimeout: 120_000 * generous,
					sequence: {groupOrder: 1},
				},
			},
			{
				test: {
					name: "world",
					include: ["test/**/*.test.ts"],
					exclude: ["test/{kit,corpus,node}/**"],
					globalSetup: ["test/kit/world.ts"],
					// Each worker has a cluster of its own. Most tests wait for one, so two at once take little from each other.
					maxWorkers: 2,
					testTimeout: 60_000 * generous,
					hookTimeout: 120_000 * generous,
					sequence: {groupOrder: 2},
				},
			},
			{
				test: {
					name: "node",
					include: ["test/node/**/*.test.ts"],
					globalSetup: ["test/node/setup.ts"],
					// One machine carries all of the traffic: two cases at once would measure each other.
					fileParallelism: false,
					testTimeout: 120_000 * generous,
					hookTimeout: 120_000 * generous,
					sequence: {groupOrder: 3},
				},
			},
		],
	},
})
