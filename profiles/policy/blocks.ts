import {contains} from "../apis/kubernetes/cidr.ts"

/** An IPv4 address or block, which can be judged. Whoever reads anything else refuses it: IPv6 too. */
export const isBlock = (block: string): boolean => contains(block, block.split("/")[0] ?? "")

/** First and last address of a block and their neighbours outside of it: where a rule about it changes its mind. */
export function edgesOf(block: string): readonly string[] {
	if (!isBlock(block)) return []
	const [base = "", length = "32"] = block.split("/")
	const size = 2 ** (32 - Number(length))
	const number = base.split(".").reduce((sum, part) => sum * 256 + Number(part), 0)
	const first = Math.floor(number / size) * size
	return [first, first + size - 1, first - 1, first + size]
		.filter((one) => one >= 0 && one < 2 ** 32)
		.map((one) => [24, 16, 8, 0].map((shift) => Math.floor(one / 2 ** shift) % 256).join("."))
}
