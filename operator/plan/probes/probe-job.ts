import {labelOf} from "../../../profiles/pods.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import {managedBy, labels as names} from "../../api/names.ts"
import type {Probe} from "./probe.ts"

/** A Job that sends one request, or its pod. It is no workload of its namespace: never moved, priced or counted. */
export const isProbe = (object: KubeObject): boolean => labelOf(object, names.probe) !== undefined

/** Longer than an answer takes, and than an image is pulled. */
const deadlineSeconds = 90
/** Should nobody take it away. */
const keptSeconds = 600
const answerSeconds = 10

/**
 * One curl as its caller: its ServiceAccount, its namespace, and what captures it; none of its labels, or Services would
 * lead requests to it. The answer is the container's termination message, for which nobody has to read logs.
 */
export function probeJob(
	probe: Probe,
	{name, image, profile}: {name: string; image: string; profile: string},
): KubeObject {
	const {namespace, serviceAccount, keys} = probe.caller
	const labels = {[names.managedBy]: managedBy, [names.probe]: name, [names.profile]: profile}
	const headers = Object.entries(probe.headers).flatMap(([key, value]) => ["--header", `${key}: ${value}`])
	const spec = {
		backoffLimit: 0,
		activeDeadlineSeconds: deadlineSeconds,
		ttlSecondsAfterFinished: keptSeconds,
		template: {
			metadata: {labels: {...labels, ...keys.labels}, annotations: keys.annotations},
			spec: {
				serviceAccountName: serviceAccount,
				automountServiceAccountToken: false,
				restartPolicy: "Never",
				securityContext: {runAsNonRoot: true, runAsUser: 65532, seccompProfile: {type: "RuntimeDefault"}},
				containers: [
					{
						name: containerName,
						image,
						command: ["curl"],
						args: [
							"--silent",
							"--path-as-is",
							"--max-time",
							String(answerSeconds),
							"--output",
							"/dev/null",
							"--write-out",
							"%output{/dev/termination-log}%{http_code} %{exitcode}",
							...(probe.method === "HEAD" ? ["--head"] : ["--request", probe.method]),
							...headers,
							probe.url,
						],
						resources: {requests: {cpu: "10m", memory: "16Mi"}, limits: {memory: "64Mi"}},
						securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: ["ALL"]}},
					},
				],
			},
		},
	}
	return {apiVersion: "batch/v1", kind: "Job", metadata: {name, namespace, labels}, ...{spec}}
}

export const containerName = "probe"
