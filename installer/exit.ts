/** The exit codes of every command; the only place that names them. */
export const exit = {
	done: 0,
	bug: 1,
	usage: 2,
	refused: 3,
	stopped: 4,
	timedOut: 5,
	interrupted: 130,
} as const

export type ExitCode = (typeof exit)[keyof typeof exit]

export const exitHelp = [
	"Exit codes:",
	"  0    done",
	"  1    a bug in heddle",
	"  2    wrong usage or invalid input; nothing was changed",
	"  3    refused, or a check failed",
	"  4    stopped midway; the same command resumes",
	"  5    timed out",
	"  130  interrupted",
].join("\n")
