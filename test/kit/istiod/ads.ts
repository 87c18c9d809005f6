import {type ClientHttp2Stream, connect} from "node:http2"

/*
 * As much of the protocol by which proxies ask istiod as it takes to be known to it: a DiscoveryRequest, written by
 * hand so that nothing has to be compiled. Source: https://www.envoyproxy.io/docs/envoy/latest/api-docs/xds_protocol
 */

export type ProxyNode = {
	readonly type: "sidecar" | "waypoint"
	readonly ip: string
	readonly name: string
	readonly namespace: string
	readonly labels: Readonly<Record<string, string>>
}

export type Connected = {readonly id: string; close(): void}

const listeners = "type.googleapis.com/envoy.config.listener.v3.Listener"

/** Connects as this proxy, asks for its listeners, and stays connected once istiod has answered. */
export function connectProxy(port: number, proxy: ProxyNode): Promise<Connected> {
	const session = connect(`http://127.0.0.1:${port}`)
	const stream = session.request({
		":method": "POST",
		":path": "/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources",
		"content-type": "application/grpc",
		te: "trailers",
	})
	stream.write(framed(discoveryRequest(proxy)))
	const close = () => {
		stream.close()
		session.destroy()
	}
	return new Promise((done, fail) => {
		const failed = (cause: unknown) => {
			close()
			fail(new Error(`istiod does not answer ${nodeId(proxy)}`, {cause}))
		}
		session.once("error", failed)
		stream.once("error", failed)
		stream.once("end", () => failed(statusOf(stream)))
		stream.once("data", () => done({id: `${proxy.name}.${proxy.namespace}`, close}))
	})
}

const statusOf = (stream: ClientHttp2Stream): string => `it ended the stream (${stream.rstCode})`

const nodeId = ({type, ip, name, namespace}: ProxyNode) =>
	`${type}~${ip}~${name}.${namespace}~${namespace}.svc.cluster.local`

/** A message of gRPC: not compressed, its length, itself. */
function framed(message: Buffer): Buffer {
	const head = Buffer.alloc(5)
	head.writeUInt32BE(message.length, 1)
	return Buffer.concat([head, message])
}

function discoveryRequest(proxy: ProxyNode): Buffer {
	const {namespace, labels, ip} = proxy
	const metadata = {
		NAMESPACE: namespace,
		LABELS: labels,
		INSTANCE_IPS: ip,
		ISTIO_VERSION: "1.31.0",
		CLUSTER_ID: "Kubernetes",
	}
	const node = [text(1, nodeId(proxy)), text(2, "heddle"), bytes(3, struct(metadata))]
	return Buffer.concat([bytes(2, Buffer.concat(node)), text(4, listeners)])
}

type Tree = {readonly [key: string]: string | Tree}

/** A `google.protobuf.Struct` of texts. */
const struct = (tree: Tree): Buffer =>
	Buffer.concat(
		Object.entries(tree).map(([key, value]) =>
			bytes(1, Buffer.concat([text(1, key), bytes(2, protoValue(value))])),
		),
	)
const protoValue = (value: string | Tree): Buffer =>
	typeof value === "string" ? text(3, value) : bytes(5, struct(value))

const text = (field: number, value: string): Buffer => bytes(field, Buffer.from(value))
const bytes = (field: number, value: Buffer): Buffer =>
	Buffer.concat([Buffer.from([(field << 3) | 2]), varint(value.length), value])

function varint(value: number): Buffer {
	const all: number[] = []
	let rest = value
	for (; rest > 127; rest >>>= 7) all.push((rest & 127) | 128)
	return Buffer.from([...all, rest])
}
