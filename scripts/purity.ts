import {readFileSync} from "node:fs"
import {join} from "node:path"
import {impurities} from "./impurities.ts"
import {root, sourceFiles} from "./source-files.ts"

const found = sourceFiles("{profiles,operator/plan,operator/api}")
	.filter((path) => !/\.test\.ts$|\/testing\//.test(path))
	.flatMap((path) =>
		impurities(readFileSync(join(root, path), "utf8")).map(
			({line, name}) => `${path}:${line}: ${name} makes the plan depend on when or where it is made`,
		),
	)
for (const line of found) console.error(line)
process.exitCode = found.length > 0 ? 1 : 0
