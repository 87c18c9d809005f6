import fc from "fast-check"
import type {KubeObject} from "../../snapshot/object.ts"

const selector = fc.constantFrom(
	{},
	{matchLabels: {app: "web"}},
	{matchLabels: {app: "cart"}},
	{matchLabels: {tier: "backend"}},
)
const peer = fc.oneof(
	selector.map((podSelector) => ({podSelector})),
	fc.constantFrom(
		{namespaceSelector: {}},
		{namespaceSelector: {matchLabels: {"kubernetes.io/metadata.name": "bank"}}},
		{ipBlock: {cidr: "10.0.0.0/16", except: ["10.0.2.0/24"]}},
	),
)
const ports = fc.oneof(
	{weight: 4, arbitrary: fc.constant([{port: 8080}])},
	{
		weight: 1,
		arbitrary: fc.constantFrom(
			[{port: "http"}],
			[{port: 9090}],
			[{port: 8080}, {port: 9090}],
			[{protocol: "UDP"}],
		),
	},
)

const rule = fc.record({from: fc.array(peer, {minLength: 1, maxLength: 2}), ports}, {requiredKeys: ["ports"]})

/** NetworkPolicies of the namespace `shop` that restrict what comes in. */
export const networkPolicies: fc.Arbitrary<readonly KubeObject[]> = fc
	.array(fc.record({podSelector: selector, ingress: fc.array(rule, {maxLength: 2})}), {
		minLength: 1,
		maxLength: 2,
	})
	.map((all) =>
		all.map(
			(spec, index) =>
				({
					apiVersion: "networking.k8s.io/v1",
					kind: "NetworkPolicy",
					metadata: {name: `n${index}`, namespace: "shop", uid: `${index}`},
					...{spec},
				}) as KubeObject,
		),
	)
