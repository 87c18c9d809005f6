import {pino} from "pino"
import {isKubeError} from "../kube/errors.ts"
import type {Log} from "./types.ts"

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent"

/** JSON, one line per message, on standard error: standard output belongs to results. */
export function createLog({
	level = "info",
	write,
}: {
	level?: LogLevel
	write?: (line: string) => void
} = {}): Log {
	const options = {
		level,
		base: null,
		timestamp: () => `,"time":"${new Date().toISOString()}"`,
		formatters: {level: (label: string) => ({level: label})},
		serializers: {error: describeError},
		errorKey: "error",
	}
	return wrap(
		write === undefined ? pino(options, pino.destination({dest: 2, sync: true})) : pino(options, {write}),
	)
}

type Pino = ReturnType<typeof pino>

function wrap(logger: Pino): Log {
	return {
		debug: (message, fields = {}) => logger.debug(fields, message),
		info: (message, fields = {}) => logger.info(fields, message),
		warn: (message, fields = {}) => logger.warn(fields, message),
		error: (message, fields = {}) => logger.error(fields, message),
		child: (fields) => wrap(logger.child(fields)),
	}
}

/** Chosen fields only: the errors of HTTP clients like to carry requests, and those carry credentials. */
function describeError(error: unknown): object {
	if (!(error instanceof Error)) return {message: String(error)}
	if (isKubeError(error))
		return {type: error.name, message: error.message, code: error.code, reason: error.reason, ...error.doing}
	return {type: error.name, message: error.message, stack: error.stack}
}
