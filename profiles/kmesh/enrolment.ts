import {enrolBy, isModeKey, leaveMode} from "../apis/istio/dataplane-mode.ts"
import type {Enrolment} from "../dataplane.ts"

/** Kmesh compares the value whatever its case (pkg/utils/enroll.go); this is how its source writes it. */
export const enrol = (): Enrolment => enrolBy("kmesh")

export const leave = leaveMode

/** A redirection that somebody copied into a template goes as well: the agent alone writes it. */
export const owns = (key: string): boolean => isModeKey(key) || key.startsWith("kmesh.net/")
