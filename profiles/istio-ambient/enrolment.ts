import {enrolBy, isModeKey, leaveMode} from "../apis/istio/dataplane-mode.ts"
import type {Enrolment} from "../dataplane.ts"

export const enrol = (): Enrolment => enrolBy("ambient")

export const leave = leaveMode

export const owns = isModeKey
