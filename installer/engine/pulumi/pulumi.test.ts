import {readFileSync, statSync} from "node:fs"
import {join} from "node:path"
import type {EngineEvent} from "@pulumi/pulumi/automation/index.js"
import {expect, onTestFinished, test} from "vitest"
import {temporaryFolder} from "../../sandbox/temporary-folder.ts"
import {isOrphaned} from "./lock.ts"
import {passphrase} from "./passphrase.ts"
import {redactor} from "./redact.ts"
import {plannedChange, translate} from "./translate.ts"

const urn =
	"urn:pulumi:heddle::heddle::heddle:index:HeddleOperator$kubernetes:apps/v1:Deployment::operator:Deployment.apps/heddle-system/heddle-operator"
const metadata = (op: string, rest: object = {}) =>
	({
		op,
		urn,
		type: "kubernetes:apps/v1:Deployment",
		provider: "",
		new: {parent: "urn:x::operator"},
		...rest,
	}) as never
const event = (part: Partial<EngineEvent>): EngineEvent => ({sequence: 1, timestamp: 1, ...part})
const plain = (text: string) => text

const node = {
	id: "Deployment.apps/heddle-system/heddle-operator",
	kind: "Deployment.apps",
	name: "heddle-operator",
	namespace: "heddle-system",
	parent: "operator",
}

test.each([
	["create", "create", "working", "ready"],
	["update", "update", "working", "ready"],
	["create-replacement", "replace", "working", "ready"],
	["same", "same", "working", "skipped"],
	["delete", "delete", "working", "gone"],
	["import", "adopt", "working", "ready"],
] as const)("Pulumi's %s is told as %s", (op, action, begun, ended) => {
	const told = [
		event({resourcePreEvent: {metadata: metadata(op)}}),
		event({resOutputsEvent: {metadata: metadata(op)}}),
	]
	expect(told.flatMap((one) => translate(one, plain))).toEqual([
		{...node, type: "resource", action, state: begun},
		{...node, type: "resource", action, state: ended},
	])
})

test("a failure is told of its object; what is Pulumi's own is not", () => {
	const failed = event({resOpFailedEvent: {metadata: metadata("create"), status: 1, steps: 1}})
	expect(translate(failed, plain)).toEqual([{...node, type: "resource", action: "create", state: "failed"}])
	const stack = metadata("create", {type: "pulumi:pulumi:Stack"})
	expect(translate(event({resourcePreEvent: {metadata: stack}}), plain)).toEqual([])
})

test("a preview says what will happen, with the fields that change", () => {
	const update = event({resourcePreEvent: {metadata: metadata("update", {diffs: ["spec"]})}})
	expect(plannedChange(update)).toEqual([{...node, action: "update", fields: ["spec"]}])
})

test("a message loses its colours, secrets and credentials of addresses", () => {
	const words = redactor({PULUMI_CONFIG_PASSPHRASE: "correct horse", PULUMI_ACCESS_TOKEN: "pul-123456"})
	const diagnosticEvent = {
		severity: "error",
		message: "<{%fg 1%}>no<{%reset%}> correct horse at s3://key:pw@bucket with pul-123456\n",
		color: "never",
	} as const
	expect(translate(event({diagnosticEvent}), words)).toEqual([
		{type: "log", level: "error", text: "no … at s3://…@bucket with …", source: "pulumi"},
	])
})

test.each([
	["a process of this machine that is gone", "created by me@here (pid 1) at now", true],
	["a process that runs", "created by me@here (pid 2) at now", false],
	["another machine", "created by me@there (pid 1) at now", false],
	["nobody that is named", "the stack is currently locked by 1 lock(s)", false],
])("a lock of %s is taken off: %s", (_name, message, orphaned) => {
	expect(isOrphaned(message, "here", (pid) => pid === 2)).toBe(orphaned)
})

test("a passphrase that somebody has set is used; where nobody has, one is made and kept", async () => {
	const folder = temporaryFolder(onTestFinished)
	expect(await passphrase({PULUMI_CONFIG_PASSPHRASE_FILE: "/f"}, folder)).toEqual({})
	expect(await passphrase({PULUMI_CONFIG_PASSPHRASE: ""}, folder)).toEqual({})
	const file = join(folder, "passphrase")
	expect(await passphrase({}, folder)).toEqual({PULUMI_CONFIG_PASSPHRASE_FILE: file})
	const made = readFileSync(file, "utf8")
	expect([made.length, statSync(file).mode & 0o777]).toEqual([43, 0o600])
	await passphrase({}, folder)
	expect(readFileSync(file, "utf8")).toBe(made)
})
