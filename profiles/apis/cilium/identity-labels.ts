import type {StringMap} from "../../snapshot/object.ts"

type Prefix = {readonly source: string; readonly pattern: RegExp; readonly ignores: boolean}

/** Cilium's own list; labels that it leaves out say nothing of identity, so no selector can go by them. */
const standard: readonly string[] = [
	"reserved:.*",
	"io\\.kubernetes\\.pod\\.namespace",
	"io\\.cilium\\.k8s\\.namespace\\.labels",
	"app\\.kubernetes\\.io",
	"io\\.cilium\\.k8s\\.policy\\.cluster",
	"io\\.cilium\\.k8s\\.policy\\.serviceaccount",
	"!io\\.kubernetes",
	"!kubernetes\\.io",
	"!statefulset\\.kubernetes\\.io/pod-name",
	"!apps\\.kubernetes\\.io/pod-index",
	"!batch\\.kubernetes\\.io/job-completion-index",
	"!batch\\.kubernetes\\.io/controller-uid",
	"!.*beta\\.kubernetes\\.io",
	"!k8s\\.io",
	"!pod-template-generation",
	"!pod-template-hash",
	"!controller-revision-hash",
	"!controller-uid",
	"!annotation.*",
	"!etcd_node",
	"!topology\\.kubernetes\\.io",
]

/** `k8s:!app` as Cilium reads it: a source, whether it leaves out, and a pattern of the beginning of a key. */
function prefixOf(text: string): Prefix | undefined {
	const colon = text.indexOf(":")
	const [source, rest] = colon < 0 ? ["", text] : [text.slice(0, colon), text.slice(colon + 1)]
	const ignores = rest.startsWith("!")
	try {
		return {source, ignores, pattern: new RegExp(ignores ? rest.slice(1) : rest)}
	} catch {
		return undefined
	}
}

function matched({source, pattern}: Prefix, key: string): number {
	if (source !== "" && source !== "k8s") return 0
	const found = pattern.exec(key)
	return found?.index === 0 ? found[0].length : 0
}

/**
 * Whether a pod's label is part of its identity, by the agent's flags. Where nobody can tell, as with a file of
 * prefixes, it is not.
 * Source: cilium:pkg/labelsfilter/filter.go
 */
export function isIdentityLabel(key: string, config: StringMap): boolean {
	if (config["label-prefix-file"]) return false
	const own = (config.labels ?? "")
		.split(/[\s,]+/)
		.filter(Boolean)
		.map(prefixOf)
	if (own.includes(undefined)) return false
	const prefixes = [...standard.map(prefixOf), ...own].filter((one) => one !== undefined)
	const lengths = (ignoring: boolean) =>
		prefixes
			.filter(({ignores}) => ignores === ignoring)
			.map((one) => matched(one, key))
			.filter((length) => length > 0)
	const included = Math.max(0, ...lengths(false))
	const leftOut = lengths(true)
	const ignored = leftOut.length === 0 ? 0 : Math.min(...leftOut)
	const choosy = own.some((one) => one?.ignores === false)
	return (!choosy && ignored === 0) || included > ignored
}
