import {tmpdir} from "node:os"
import {join} from "node:path"

/** Where everything of one sandbox lies. One folder, so that removing it removes all. */
export function layout(folder: string, mark: string) {
	const inside = (...parts: string[]) => join(folder, ...parts)
	return {
		folder,
		kubeconfig: inside("kubeconfig"),
		certs: inside("certs"),
		/** The API server writes its self-signed serving certificate and the CA that signed it here. */
		ca: inside("certs", "apiserver.crt"),
		serviceAccountKey: inside("certs", "service-account.key"),
		serviceAccountPublicKey: inside("certs", "service-account.pub"),
		tokens: inside("certs", "tokens.csv"),
		etcdData: inside("etcd"),
		logs: inside("logs"),
		log: (process: string) => inside("logs", `${process}.log`),
		sockets: socketFolder(folder, mark),
	}
}

export type Layout = ReturnType<typeof layout>

/** A Unix socket's path has about 104 bytes; a deep state folder would not fit. */
function socketFolder(folder: string, mark: string): string {
	return folder.length < 80 ? folder : join(tmpdir(), `heddle-${mark.slice(0, 12)}`)
}
