/** What only a run of the program can tell a shell: `heddle __complete` answers these. */
export const asked = ["namespaces", "contexts", "sandboxes", "components", "codes", "capabilities"] as const
export type Asked = (typeof asked)[number]
