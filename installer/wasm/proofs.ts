import {readFile} from "node:fs/promises"
import {z} from "zod"
import type {MeshProfile, MeshProfileExtension} from "../../crds/generated.ts"
import {annotations} from "../../operator/api/names.ts"
import {clusterFacts} from "../../operator/plan/facts.ts"
import {dataplanes} from "../../profiles/registry.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"
import type {HostName} from "../../profiles/wasm-hosts/host.ts"
import {invalidInput, messageOf} from "../abort.ts"
import {hostsOf} from "./module-hosts.ts"
import {refused} from "./refused.ts"
import {inRange} from "./verdict.ts"
import type {Profiles} from "./with-proofs.ts"

/** As much of an inspection as speaks for a module. */
const inspection = z.looseObject({
	kind: z.literal("WasmInspection"),
	address: z.string(),
	pin: z.looseObject({sha256: z.string().regex(/^[0-9a-f]{64}$/)}),
	expected: z.looseObject({matches: z.literal(true)}).optional(),
	hosts: z
		.array(
			z.looseObject({
				host: z.string(),
				versions: z.string(),
				accepted: z.boolean(),
				reasons: z.array(z.looseObject({message: z.string()})),
			}),
		)
		.min(1),
})

type Proof = {readonly file: string; readonly seen: z.infer<typeof inspection>}

/** @throws AbortError */
export async function proved<T extends Profiles>(files: readonly string[], all: T): Promise<T> {
	const proofs = await Promise.all(files.map(readProof))
	const versions = istioVersions(all.snapshot)
	const marks = new Map(all.given.map((one) => [one.metadata.name, marked(one, proofs, versions)]))
	for (const proof of proofs) requireUse(proof, all.given)
	const latest = (one: MeshProfile) => marks.get(one.metadata.name) ?? one
	return {...all, given: all.given.map(latest), profiles: all.profiles.map(latest)}
}

async function readProof(file: string): Promise<Proof> {
	const wrong = (what: string) =>
		invalidInput(`--wasm-proof ${file}: ${what}`, {
			tryMessage: "Give what `heddle wasm inspect ADDRESS --output json` printed.",
		})
	const text = await readFile(file, "utf8").catch((error: unknown) => {
		throw wrong(`it cannot be read: ${messageOf(error)}`)
	})
	let parsed: unknown
	try {
		parsed = JSON.parse(text)
	} catch {
		throw wrong("it is no JSON")
	}
	const seen = inspection.safeParse(parsed)
	if (seen.success) return {file, seen: seen.data}
	const {path = []} = seen.error.issues[0] ?? {}
	throw wrong(`it is no inspection${path.length === 0 ? "" : `: ${path.join(".")} is not as it should be`}`)
}

/** Of every Istio that was found; undefined stands for one whose version is not known, or for none. */
function istioVersions(snapshot: Snapshot): readonly (string | undefined)[] {
	const found = clusterFacts(snapshot, dataplanes)
		.installed.filter(({dataplane}) => dataplane.name.startsWith("istio-"))
		.map(({installation}) => installation.version)
	return found.length === 0 ? [undefined] : found
}

const isOf = ({seen}: Proof, {url, sha256}: MeshProfileExtension): boolean =>
	seen.address === url && seen.pin.sha256 === sha256

function marked(
	profile: MeshProfile,
	proofs: readonly Proof[],
	versions: readonly (string | undefined)[],
): MeshProfile {
	const digests = (profile.spec.extensions ?? []).flatMap((extension) =>
		proofs
			.filter((proof) => isOf(proof, extension))
			.map((proof) => {
				for (const host of hostsOf(profile.spec, extension)) requireAcceptance(proof, host, versions)
				return extension.sha256
			}),
	)
	if (digests.length === 0) return profile
	const {metadata} = profile
	const before = metadata.annotations?.[annotations.provedModules]?.split(",").map((one) => one.trim()) ?? []
	const all = [...new Set([...before, ...digests])].filter((one) => one !== "").join(",")
	return {
		...profile,
		metadata: {...metadata, annotations: {...metadata.annotations, [annotations.provedModules]: all}},
	}
}

function requireAcceptance(
	{file, seen}: Proof,
	host: HostName,
	versions: readonly (string | undefined)[],
): void {
	for (const version of host === "envoy-gateway" ? [undefined] : versions) {
		const rows = seen.hosts.filter((row) => row.host === host && inRange(version, row.versions))
		const named = `${host}${version === undefined ? " in every version that may run" : ` ${version}`}`
		if (rows.length === 0) throw refused("NotProved", `--wasm-proof ${file} says nothing of ${named}`)
		const no = rows.find(({accepted}) => !accepted)
		if (no !== undefined)
			throw refused(
				"NotProved",
				`--wasm-proof ${file}: ${host} ${no.versions} would refuse ${seen.address}: ${no.reasons[0]?.message ?? "it does not say why"}`,
			)
	}
}

function requireUse(proof: Proof, given: readonly MeshProfile[]): void {
	const extensions = given.flatMap(({spec}) => spec.extensions ?? [])
	if (extensions.some((one) => isOf(proof, one))) return
	const {address, pin} = proof.seen
	const same = extensions.find(({url}) => url === address)
	throw same === undefined
		? invalidInput(`--wasm-proof ${proof.file} is of ${address}, which no given profile names`, {
				tryMessage: "Inspect the url of the extension, and give its profile with --profile.",
			})
		: refused(
				"NotProved",
				`--wasm-proof ${proof.file} is of sha256 ${pin.sha256}, and the profile pins ${same.sha256} of ${address}`,
				"Inspect it again; where the tag has moved, decide which of both you want.",
			)
}
