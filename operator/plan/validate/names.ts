import {text} from "./checks.ts"

const labelPart = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)$/
const dnsName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

/** A label key as Kubernetes defines it: an optional DNS name, a slash, and a name of at most 63. */
function isQualifiedName(key: string): boolean {
	const [first = "", second, ...rest] = key.split("/")
	if (rest.length > 0) return false
	if (second === undefined) return first.length <= 63 && labelPart.test(first)
	return first.length <= 253 && dnsName.test(first) && second.length <= 63 && labelPart.test(second)
}

export const labelKey = (value: unknown, field: string) =>
	typeof value === "string" && isQualifiedName(value)
		? []
		: [
				{
					field,
					message: `${JSON.stringify(value)} is no label key`,
					fix: "write a key such as team or example.com/team",
				},
			]

export const labelValue = text({
	pattern: /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/,
	max: 63,
	like: "letters, digits, '-', '_' and '.', at most 63",
})

/** A name as the DNS knows it. */
export const dnsLabel = (max: number, like: string) =>
	text({pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, min: 1, max, like})
