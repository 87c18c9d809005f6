import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs"
import {tmpdir} from "node:os"
import {join} from "node:path"
import {onTestFinished} from "vitest"

/** Each holds the values that it was given, for a test to look at. */
const template = `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-values
data:
  values: {{ .Values | toJson | quote }}
`

/**
 * A folder of stand-ins for charts that cannot be fetched everywhere: names and versions are the real ones, what is in
 * them is not. They prove what a component hands to Helm, and nothing about the charts themselves.
 */
export function standInCharts(charts: Readonly<Record<string, string>>): string {
	const folder = mkdtempSync(join(tmpdir(), "heddle-charts-"))
	onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
	for (const [name, version] of Object.entries(charts)) {
		mkdirSync(join(folder, name, "templates"), {recursive: true})
		writeFileSync(join(folder, name, "Chart.yaml"), `apiVersion: v2\nname: ${name}\nversion: ${version}\n`)
		writeFileSync(join(folder, name, "templates", "values.yaml"), template)
	}
	return folder
}
