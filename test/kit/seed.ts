import fc from "fast-check"

/*
 * A merge is judged by the same cases every time; at a desk each run looks at new ones, and prints the seed of what
 * it finds. HEDDLE_SEED takes a run up again.
 */
const seed = process.env.HEDDLE_SEED ?? (process.env.CI ? "20261122" : undefined)
if (seed !== undefined) fc.configureGlobal({seed: Number(seed)})
