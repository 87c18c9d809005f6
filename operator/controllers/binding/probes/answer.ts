import type {KubeObject} from "../../../../profiles/snapshot/object.ts"
import type {KubeCondition, Pod} from "../../../../profiles/snapshot/shapes.ts"
import {containerName} from "../../../plan/probes/probe-job.ts"

/** What became of a request. `unknown` proves nothing, and says why. */
export type Answer =
	| {readonly is: "admitted" | "refused"; readonly said: string}
	| {readonly is: "unknown"; readonly said: string}
	| {readonly is: "pending"}

/** curl's: the peer closed the connection without an answer, or reset it. Source: https://curl.se/libcurl/c/libcurl-errors.html */
const cutOff: ReadonlySet<string> = new Set(["52", "56"])
/** A proxy that found nobody to pass the request on to. */
const nobodyThere: ReadonlySet<string> = new Set(["502", "503", "504"])

type JobLike = KubeObject & {readonly status?: {readonly conditions?: readonly KubeCondition[]}}

/** Reads the answer of a Job's one pod: the code and curl's exit code, as its termination message says them. */
export function answerOf(job: KubeObject, pods: readonly Pod[]): Answer {
	const own = pods.filter(({metadata}) =>
		(metadata.ownerReferences ?? []).some(({uid}) => uid !== undefined && uid === job.metadata.uid),
	)
	for (const {status} of own) {
		const ended = status?.containerStatuses?.find(({name}) => name === containerName)?.state?.terminated
		if (ended !== undefined) return read(ended)
	}
	const failed = (job as JobLike).status?.conditions?.find(
		({type, status}) => type === "Failed" && status === "True",
	)
	return failed === undefined
		? {is: "pending"}
		: {is: "unknown", said: `its Job failed: ${failed.message ?? failed.reason ?? "no reason"}`}
}

function read({message = "", exitCode}: {readonly message?: string; readonly exitCode?: number}): Answer {
	const [, code = "", curl = ""] = /^(\d{3}) (\d+)$/.exec(message.trim()) ?? []
	if (code === "403") return {is: "refused", said: "403"}
	if (code === "000" && cutOff.has(curl)) return {is: "refused", said: "a closed connection"}
	if (code === "" || code === "000")
		return {is: "unknown", said: `curl ended with ${curl === "" ? exitCode : curl} and no answer`}
	return nobodyThere.has(code) ? {is: "unknown", said: code} : {is: "admitted", said: code}
}
