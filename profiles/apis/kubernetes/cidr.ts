/** True when an IPv4 block such as `10.0.0.0/8` contains the address; anything that is no such block contains none. */
export function contains(block: string, address: string): boolean {
	const [base = "", length = "32"] = block.split("/")
	const [first, second, bits] = [numberOf(base), numberOf(address), Number(length)]
	if (first === undefined || second === undefined || !Number.isInteger(bits) || bits < 0 || bits > 32)
		return false
	const size = 2 ** (32 - bits)
	return Math.floor(first / size) === Math.floor(second / size)
}

function numberOf(address: string): number | undefined {
	const parts = address.split(".").map(Number)
	const valid =
		parts.length === 4 && parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255)
	return valid ? parts.reduce((sum, part) => sum * 256 + part, 0) : undefined
}
