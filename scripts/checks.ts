/** What holds of the whole repository, beside its tests. `npm run check` and `npm test` both run these. */
export type Check = {
	readonly name: string
	/** Run from the root of the repository. */
	readonly command: readonly [string, ...string[]]
	/** What to do when it fails, where its own output does not tell. */
	readonly fix?: string
}

export const checks: readonly Check[] = [
	{
		name: "every file is formatted and linted",
		command: ["biome", "check", "--error-on-warnings", "."],
		fix: "biome check --write .",
	},
	{name: "the types hold", command: ["tsc", "-p", "."]},
	{
		name: "imports go one way",
		command: [
			"depcruise",
			"--config",
			".dependency-cruiser.json",
			"--output-type",
			"err-long",
			"crds",
			"profiles",
			"operator",
			"installer",
			"test",
			"examples",
			"scripts",
			"vitest.config.ts",
		],
	},
	{name: "nothing is dead", command: ["knip", "--no-progress"]},
	{name: "planning code has no clock, no chance and no process", command: ["node", "scripts/purity.ts"]},
	{name: "no file is longer than 400 lines", command: ["node", "scripts/lengths.ts"]},
	{
		name: "the generated types match the CRDs",
		command: ["node", "crds/generate.ts", "--check"],
		fix: "npm run generate",
	},
	{
		name: "the page of reasons matches the code",
		command: ["node", "scripts/reasons-page.ts", "--check"],
		fix: "npm run generate",
	},
	{
		name: "the page of checks matches the code",
		command: ["node", "scripts/checks-page.ts", "--check"],
		fix: "npm run generate",
	},
	{
		name: "the page of capabilities matches the code",
		command: ["node", "scripts/capabilities-page.ts", "--check"],
		fix: "npm run generate",
	},
	...["cli", "crds", "dataplanes", "traffic"].map(
		(page): Check => ({
			name: `the ${page} pages of the docs match the code`,
			command: ["node", `scripts/docs-${page}.ts`, "--check"],
			fix: "npm run generate",
		}),
	),
	{name: "the lock installs everywhere", command: ["node", "scripts/lockfile.ts"], fix: "npm run lockfile"},
]
