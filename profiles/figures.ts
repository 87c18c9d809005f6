import type {Figure} from "./dataplane.ts"

/** A figure known exactly, such as a default of a chart. */
export const exactly = (value: number): Figure => ({low: value, likely: value, high: value})

export const between = (low: number, likely: number, high: number): Figure => ({low, likely, high})
