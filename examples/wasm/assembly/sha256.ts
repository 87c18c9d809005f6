/* FIPS 180-4. The constants are the fractional parts of the cube roots of the first 64 primes. */
const constants: StaticArray<u32> = [
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
	0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
	0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
	0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
]

/** The digest of the text's UTF-8, as 64 hexadecimal digits in lower case. */
export function sha256(text: string): string {
	const message = String.UTF8.encode(text)
	const size = message.byteLength
	const blocks = (size + 8) / 64 + 1
	const padded = new ArrayBuffer(blocks * 64)
	const at = changetype<usize>(padded)
	memory.copy(at, changetype<usize>(message), size)
	store<u8>(at + size, 0x80)
	store<u64>(at + blocks * 64 - 8, bswap<u64>(u64(size) * 8))
	const state: StaticArray<u32> = [
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	]
	for (let block = 0; block < blocks; block++) compress(state, at + block * 64)
	let hex = ""
	for (let word = 0; word < 8; word++) {
		for (let shift = 28; shift >= 0; shift -= 4) hex += "0123456789abcdef".charAt((state[word] >> shift) & 15)
	}
	return hex
}

function compress(state: StaticArray<u32>, block: usize): void {
	const words = new StaticArray<u32>(64)
	for (let i = 0; i < 16; i++) words[i] = bswap<u32>(load<u32>(block + i * 4))
	for (let i = 16; i < 64; i++) {
		const a = words[i - 15]
		const b = words[i - 2]
		const s0 = rotr<u32>(a, 7) ^ rotr<u32>(a, 18) ^ (a >> 3)
		const s1 = rotr<u32>(b, 17) ^ rotr<u32>(b, 19) ^ (b >> 10)
		words[i] = words[i - 16] + s0 + words[i - 7] + s1
	}
	let a = state[0]
	let b = state[1]
	let c = state[2]
	let d = state[3]
	let e = state[4]
	let f = state[5]
	let g = state[6]
	let h = state[7]
	for (let i = 0; i < 64; i++) {
		const s1 = rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25)
		const first = h + s1 + ((e & f) ^ (~e & g)) + constants[i] + words[i]
		const s0 = rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22)
		const second = s0 + ((a & b) ^ (a & c) ^ (b & c))
		h = g
		g = f
		f = e
		e = d + first
		d = c
		c = b
		b = a
		a = first + second
	}
	state[0] += a
	state[1] += b
	state[2] += c
	state[3] += d
	state[4] += e
	state[5] += f
	state[6] += g
	state[7] += h
}

/** Takes as long whatever differs, so that time tells nothing. */
export function sameDigest(one: string, other: string): bool {
	if (one.length != other.length) return false
	let difference = 0
	for (let i = 0; i < one.length; i++) difference |= one.charCodeAt(i) ^ other.charCodeAt(i)
	return difference == 0
}
