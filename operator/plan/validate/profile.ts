import type {MeshProfile} from "../../../crds/generated.ts"
import {features} from "../../../profiles/features.ts"
import {apiVersion} from "../../api/names.ts"
import type {Check, Fields, Problem} from "./checks.ts"
import {anyObject, bool, list, map, number, object, oneOf, rule, text} from "./checks.ts"
import {dnsLabel, labelKey, labelValue} from "./names.ts"

const providers: Readonly<Record<string, readonly string[]>> = {
	Sidecar: ["istio-sidecar", "linkerd", "mosn"],
	Sidecarless: ["istio-ambient", "cilium", "gke-dataplane-v2", "gke-ambient", "kmesh"],
	Wasm: ["istio-sidecar", "istio-ambient", "mosn"],
}

const isEmpty = (value: unknown): boolean =>
	value === undefined || value === null || Object.keys(value as object).length === 0

const takesValues = (requirement: Fields): boolean =>
	requirement.operator === "In" || requirement.operator === "NotIn"

const namespaceSelector = object({
	optional: {
		matchLabels: map({key: labelKey, value: labelValue, max: 32}),
		matchExpressions: list(
			object({
				required: {key: labelKey, operator: oneOf(["In", "NotIn", "Exists", "DoesNotExist"])},
				optional: {values: list(text({max: 63, like: "a label value"}), {max: 64})},
				rules: [
					rule((one) => takesValues(one) === isEmpty(one.values), {
						field: "values",
						message: "In and NotIn need values; Exists and DoesNotExist take none",
						fix: "give values, or use Exists or DoesNotExist without them",
					}),
				],
			}),
			{max: 32},
		),
	},
	rules: [
		rule((one) => isEmpty(one.matchLabels) && isEmpty(one.matchExpressions), {
			field: "",
			message: "an empty selector would select every namespace",
			fix: "give matchLabels or matchExpressions",
		}),
	],
})

const providerRules = Object.entries(providers).map(([mode, allowed]) =>
	rule((one) => one.mode === mode && one.provider !== undefined && !allowed.includes(String(one.provider)), {
		field: "provider",
		message: `mode ${mode} does not take this provider`,
		fix: `use one of ${allowed.join(", ")}, or leave provider out`,
	}),
)

const dataplane = object({
	required: {mode: oneOf(["Auto", "Sidecar", "Sidecarless", "Wasm", "None"])},
	optional: {
		provider: oneOf([...new Set(Object.values(providers).flat())]),
		revision: dnsLabel(56, "a revision such as 1-31-1"),
	},
	rules: [
		rule((one) => one.provider !== undefined && one.mode === "Auto", {
			field: "provider",
			message: "mode Auto chooses the provider",
			fix: "leave provider out, or pick a mode",
		}),
		rule((one) => one.provider !== undefined && one.mode === "None", {
			field: "provider",
			message: "mode None has no provider",
			fix: "leave provider out",
		}),
		...providerRules,
		rule((one) => one.revision !== undefined && (one.mode === "Auto" || one.mode === "None"), {
			field: "revision",
			message: "a revision belongs to a chosen dataplane; modes Auto and None take none",
			fix: "leave revision out, or pick a mode",
		}),
	],
})

const extension = object({
	required: {
		name: dnsLabel(63, "a short name such as audit"),
		url: text({pattern: /^(oci|https):\/\/[^\s@]+$/, max: 1024, like: "an oci:// or https:// address"}),
		sha256: text({pattern: /^[0-9a-f]{64}$/, like: "the digest of the module, 64 hexadecimal digits"}),
	},
	optional: {
		phase: oneOf(["Authn", "Authz", "Stats", "Unspecified"]),
		failurePolicy: oneOf(["Fail", "Ignore"]),
		rollout: oneOf(["Canary", "AtOnce"]),
		config: anyObject,
		selector: object({
			optional: {matchLabels: map({value: text({max: 63, like: "a label value"}), max: 32})},
		}),
		targetRef: object({
			required: {name: text({min: 1, max: 253, like: "the name of a Gateway"})},
			optional: {kind: oneOf(["Gateway"])},
		}),
		imagePullSecret: text({min: 1, max: 253, like: "the name of a Secret"}),
	},
	rules: [
		rule((one) => one.selector !== undefined && one.targetRef !== undefined, {
			field: "targetRef",
			message: "selector and targetRef exclude each other",
			fix: "leave one out: a module runs for workloads or in a Gateway",
		}),
	],
	missing: {sha256: "give the digest of the module; a tag alone can be moved"},
})

const gates = object({
	optional: {
		successRate: object({
			required: {minPercent: number({min: 0, max: 100})},
			optional: {minRequests: number({min: 1, integer: true})},
		}),
		latencyP99: object({required: {maxIncreasePercent: number({min: 0, max: 10_000})}}),
		prometheus: object({
			required: {
				address: text({
					pattern: /^https?:\/\/[^\s@]+$/,
					max: 512,
					like: "an address such as http://prometheus.monitoring:9090",
				}),
			},
		}),
	},
	rules: [
		rule(
			(one) =>
				one.prometheus === undefined && (one.successRate !== undefined || one.latencyP99 !== undefined),
			{
				field: "prometheus",
				message: "successRate and latencyP99 read metrics",
				fix: "give prometheus.address too",
			},
		),
	],
})

const migration = object({
	optional: {
		approval: oneOf(["Automatic", "Manual"]),
		waves: object({
			optional: {
				maxConcurrentWorkloads: number({min: 1, max: 100, integer: true}),
				soak: text({
					pattern: /^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$/,
					max: 16,
					like: "a duration such as 60s or 10m",
				}),
			},
		}),
		gates,
		onFailure: oneOf(["RollBack", "Hold"]),
		accept: list(text({pattern: /^[A-Z][A-Za-z0-9]+$/, max: 63, like: "a code such as SingleReplica"}), {
			max: 64,
			unique: (one) => one,
		}),
	},
})

const spec = object({
	required: {namespaceSelector, dataplane},
	optional: {
		priority: number({min: -1_000_000, max: 1_000_000, integer: true}),
		requires: list(oneOf(features), {max: 64, unique: (one) => one}),
		mtls: oneOf(["Permissive", "Strict"]),
		extensions: list(extension, {max: 16, unique: (one) => (one as Fields | null)?.name}),
		runtime: object({
			optional: {
				dapr: object({optional: {enabled: bool}}),
				wasm: object({
					optional: {runtimeClassName: text({min: 1, max: 253, like: "the name of a RuntimeClass"})},
				}),
			},
		}),
		migration,
		deletionPolicy: oneOf(["Retain", "Restore"]),
		paused: bool,
	},
	rules: [
		rule((one) => (one.dataplane as Fields).mode === "Wasm" && isEmpty(one.extensions), {
			field: "extensions",
			message: "mode Wasm needs at least one extension",
			fix: "give spec.extensions, or pick another mode",
		}),
	],
})

/** Names of cluster-scoped objects of ours may hold dots. */
const metadata: Check = (value, field) =>
	text({pattern: /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, max: 253, like: "a name such as payments"})(
		(value as Fields | null)?.name,
		`${field}.name`,
	)

const profile = object({
	required: {apiVersion: oneOf([apiVersion]), kind: oneOf(["MeshProfile"]), metadata, spec},
	optional: {status: anyObject},
})

/**
 * What the API server would refuse of a MeshProfile that comes from a file: the rules of the CRD, and unknown
 * fields, which `kubectl apply` refuses too. Empty when it is fine.
 */
export function validateProfile(value: unknown): readonly Problem[] {
	return profile(value, "")
}

export type Parsed = {readonly profile: MeshProfile} | {readonly problems: readonly Problem[]}

export function parseProfile(value: unknown): Parsed {
	const problems = validateProfile(value)
	return problems.length > 0 ? {problems} : {profile: value as MeshProfile}
}
