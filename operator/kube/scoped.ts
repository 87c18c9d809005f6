import type {Client} from "./types.ts"
import type {Written} from "./writes.ts"

/** A client whose every request ends with the signal, and whose writes are noted. */
export function scoped(
	client: Client,
	{signal, written}: {signal: AbortSignal; written: (object: Written) => void},
): Client {
	const noted = async <T extends Written>(write: Promise<T>, dryRun: boolean | undefined): Promise<T> => {
		const answer = await write
		if (!dryRun) written(answer)
		return answer
	}
	return {
		get: (kind, name, namespace, own) => client.get(kind, name, namespace, own ?? signal),
		list: (kind, options) => client.list(kind, {signal, ...options}),
		apply: (object, options) => noted(client.apply(object, {signal, ...options}), options.dryRun),
		applyStatus: (object, options) => noted(client.applyStatus(object, {signal, ...options}), options.dryRun),
		mergePatch: (object, options) => noted(client.mergePatch(object, {signal, ...options}), options.dryRun),
		create: (object, options) => noted(client.create(object, {signal, ...options}), options.dryRun),
		delete: (kind, name, namespace, options) => client.delete(kind, name, namespace, {signal, ...options}),
		may: (access) => client.may(access),
		versionOf: (kind, options) => client.versionOf(kind, options),
		serverVersion: () => client.serverVersion(),
	}
}
