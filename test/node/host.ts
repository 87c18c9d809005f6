import {execFileSync} from "node:child_process"
import {readdirSync, readFileSync, statSync} from "node:fs"
import {join} from "node:path"

/** What a node could leave behind on a host, or change about it. */
export type Host = {
	interfaces: string[]
	routes: string
	/** Every table of iptables that the kernel has loaded, or why it cannot be read. */
	firewall: string
	mounts: string[]
	cgroups: string[]
	settings: Record<string, string>
	/** Names in the folders where programs leave things. */
	left: Record<string, string[]>
	/** Paths of container engines and of kubelets, with the time of their last change. */
	folders: Record<string, string>
	namespaces: string[]
}

const settings = [
	"net/ipv4/ip_forward",
	"net/ipv4/conf/all/route_localnet",
	"net/ipv4/conf/all/forwarding",
	"vm/overcommit_memory",
	"vm/panic_on_oom",
	"kernel/panic",
	"kernel/panic_on_oops",
	"kernel/keys/root_maxkeys",
	"kernel/keys/root_maxbytes",
]

const folders = [
	...["/run/containerd", "/run/docker", "/run/heddle", "/run/netns", "/run/runc", "/run/xtables.lock"],
	...[
		"/var/lib/containerd",
		"/opt/containerd",
		"/var/lib/docker",
		"/var/lib/kubelet",
		"/var/lib/cni",
		"/var/log/pods",
	],
	...[
		"/var/log/containers",
		"/etc/cni",
		"/etc/containerd",
		"/etc/kubernetes",
		"/opt/cni",
		"/usr/libexec/kubernetes",
	],
]

const crowded = ["/", "/etc", "/opt", "/var/lib", "/usr/libexec"]

const text = (path: string): string => {
	try {
		return readFileSync(path, "utf8").trim()
	} catch {
		return "absent"
	}
}

const changed = (path: string): string => {
	try {
		return statSync(path).mtime.toISOString()
	} catch {
		return "absent"
	}
}

function said(command: string, args: readonly string[]): string {
	try {
		return execFileSync(command, args, {encoding: "utf8", stdio: ["ignore", "pipe", "ignore"]})
	} catch {
		return "cannot be asked"
	}
}

function cgroupsUnder(path: string, depth: number): string[] {
	if (depth === 0) return []
	return readdirSync(path, {withFileTypes: true})
		.filter((entry) => entry.isDirectory())
		.map(({name}) => join(path, name))
		.flatMap((child) => [child, ...cgroupsUnder(child, depth - 1)])
}

/** Counters of packets change by themselves; rules do not. */
const rules = (saved: string) => saved.replaceAll(/\[\d+:\d+\]/g, "[]").replaceAll(/^#.*$/gm, "")

/** `iptables` is the command that the sandbox uses itself, if there is one; /proc tells of the tables in any case. */
export function hostNow(iptablesSave: string | undefined): Host {
	return {
		interfaces: readdirSync("/sys/class/net").sort(),
		routes: said("ip", ["route", "show", "table", "all"]),
		firewall: [
			text("/proc/net/ip_tables_names"),
			text("/proc/net/ip6_tables_names"),
			iptablesSave === undefined ? "" : rules(said(iptablesSave, [])),
		].join("\n"),
		mounts: text("/proc/self/mounts").split("\n").sort(),
		cgroups: cgroupsUnder("/sys/fs/cgroup", 3).filter(
			(path) => path.includes("heddle") || path.includes("kubepods"),
		),
		settings: Object.fromEntries(settings.map((name) => [name, text(`/proc/sys/${name}`)])),
		left: Object.fromEntries(crowded.map((path) => [path, readdirSync(path).sort()])),
		folders: Object.fromEntries(folders.map((path) => [path, changed(path)])),
		namespaces: said("ip", ["netns", "list"]).split("\n"),
	}
}
