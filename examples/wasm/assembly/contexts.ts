/*
 * Several plugins may share one machine, and each has many requests at once: a request belongs to the plugin whose
 * root context is the parent of its own.
 */
const roots = new Map<u32, u32>()

export function proxy_on_context_create(context: u32, parent: u32): void {
	if (parent != 0) roots.set(context, parent)
}

export function proxy_on_delete(context: u32): void {
	roots.delete(context)
}

/** The plugin that a request is of; 0, which none has, where it is not known. */
export function rootOf(context: u32): u32 {
	return roots.has(context) ? roots.get(context) : 0
}
