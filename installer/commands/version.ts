import {readFile} from "node:fs/promises"
import type {ExitCode} from "../exit.ts"
import {exit} from "../exit.ts"
import {printDocument} from "../report/document.ts"
import type {Session} from "../session.ts"

export async function version(session: Session): Promise<ExitCode> {
	const manifest: {version: string} = JSON.parse(
		await readFile(new URL("../../package.json", import.meta.url), "utf8"),
	)
	const facts = {
		version: manifest.version,
		api: "heddle.dev/v1alpha1",
		node: process.version,
		platform: `${process.platform}-${process.arch}`,
	}
	const text = () => `heddle ${facts.version} (API ${facts.api}, Node ${facts.node}, ${facts.platform})`
	await printDocument(session, {apiVersion: facts.api, kind: "Version", ...facts}, text)
	return exit.done
}
