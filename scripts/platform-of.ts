export type Platform = {os: string[]; cpu: string[]; libc?: string[]}

const systems = ["android", "darwin", "freebsd", "linux", "openharmony", "win32"]
const processors = ["arm64", "arm", "ia32", "ppc64", "riscv64", "s390x", "x64"]

/** Reads `@scope/thing-linux-arm64-musl`: the way in which native packages name the platform that they are for. */
export function platformOf(name: string): Platform {
	const words = name.slice(name.lastIndexOf("/") + 1).split("-")
	const os = systems.find((system) => words.includes(system))
	const cpu = processors.find((processor) => words.includes(processor))
	if (!os || !cpu) {
		throw new Error(
			`cannot tell from its name which platform ${name} is for; add it to package-lock.json by hand`,
		)
	}
	const libc = words.flatMap((word) =>
		word.startsWith("musl") ? "musl" : word.startsWith("gnu") ? "glibc" : [],
	)
	return libc.length > 0 && os === "linux" ? {os: [os], cpu: [cpu], libc} : {os: [os], cpu: [cpu]}
}
