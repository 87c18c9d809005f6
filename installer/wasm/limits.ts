const mebibyte = 1_048_576

/** A module beyond this is none that anybody should put into every proxy; hosts themselves stop at 256 MiB. */
export const largestModule = 64 * mebibyte
/** Of an unpacked layer, where hosts stop (envoyproxy/gateway:internal/wasm/imagefetcher.go). */
export const largestLayer = 256 * mebibyte
/** Of a manifest; the distribution specification asks registries for 4 MiB at least. */
export const largestManifest = 4 * mebibyte

export const inMiB = (bytes: number): string => `${Math.ceil(bytes / mebibyte)} MiB`
