import type {Enrolment} from "../dataplane.ts"

const nothing: Enrolment = {namespace: {labels: {}, annotations: {}}, template: {labels: {}, annotations: {}}}

/** Being in no mesh needs no key of its own: the opt-outs come from the dataplanes that are left. */
export const enrol = (): Enrolment => nothing
export const leave = (): Enrolment => nothing
export const owns = (): boolean => false
