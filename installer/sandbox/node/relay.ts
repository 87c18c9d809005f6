import {rmSync} from "node:fs"
import {connect, createServer, type ListenOptions} from "node:net"

/*
 * Joins two listeners: each argument is `FROM=TO`, where a number is a port of the loopback and the rest a Unix
 * socket. Two of these make a way between the host and a node's network namespace without an interface on the host:
 * Unix sockets are found by path, whatever the network namespace.
 */
type End = {port: number; host: string} | {path: string}

const endOf = (text: string): End =>
	/^\d+$/.test(text) ? {port: Number(text), host: "127.0.0.1"} : {path: text}

for (const pair of process.argv.slice(2)) {
	const [from = "", to = ""] = pair.split("=")
	const source: ListenOptions = endOf(from)
	if (source.path !== undefined) rmSync(source.path, {force: true})
	const server = createServer({allowHalfOpen: true, noDelay: true}, (near) => {
		const far = connect({...endOf(to), allowHalfOpen: true, noDelay: true})
		near.pipe(far).pipe(near)
		// A Unix socket has no reset: whole and broken answers are told apart by TLS, and by HTTP's lengths.
		near.on("error", () => far.destroy())
		far.on("error", () => near.destroy())
	})
	server.listen(source)
}
