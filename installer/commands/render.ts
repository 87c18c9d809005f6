import {mkdir, writeFile} from "node:fs/promises"
import {join} from "node:path"
import {checkedInstallation} from "../engine/checked.ts"
import {evaluated} from "../engine/evaluated.ts"
import {wantedInstallation} from "../engine/wanted.ts"
import type {ExitCode} from "../exit.ts"
import {exit} from "../exit.ts"
import type {Flags} from "../flags.ts"
import {printDocument} from "../report/document.ts"
import {progressOn} from "../report/progress.ts"
import {filesOf, yamlOf} from "../report/render-yaml.ts"
import type {Session} from "../session.ts"

/** Prints or writes what would be installed. Touches no cluster. */
export async function render(session: Session, flags: Flags, names: readonly string[]): Promise<ExitCode> {
	const wanted = await wantedInstallation(session, flags, {names, before: undefined})
	const installation = checkedInstallation(wanted, undefined)
	const progress = progressOn(session)
	const placed = await evaluated(installation, {
		signal: session.signal,
		chartDir: flags.chartDir,
		onEvent: (event) => event.type === "step" && progress(event),
	})
	if (flags.out === undefined) {
		const list = {apiVersion: "v1", kind: "List", items: placed.map(({object}) => object)}
		if (session.output === "json") await printDocument(session, list, () => "")
		else session.print(yamlOf(placed.map(({object}) => object)).trimEnd())
		return exit.done
	}
	const files = filesOf(placed)
	await mkdir(flags.out, {recursive: true})
	for (const {name, text} of files) await writeFile(join(flags.out, name), text)
	const written = {
		apiVersion: "heddle.dev/v1alpha1",
		kind: "Rendered",
		folder: flags.out,
		files: files.map(({name}) => name),
	}
	await printDocument(
		session,
		written,
		() => `${files.length} files with ${placed.length} objects in ${flags.out}`,
	)
	return exit.done
}
