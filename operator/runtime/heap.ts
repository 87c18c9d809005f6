import {setFlagsFromString} from "node:v8"

/**
 * Keeps V8 from taking room for garbage while the caches fill: pages of a list are large, short-lived and many, and
 * left alone the heap grows to several times what stays. Both flags are read anew at each collection. Returns what
 * gives the collector back some of its ease, for the time after.
 */
export function holdHeapSmall(): () => void {
	setFlagsFromString("--heap-growing-percent=20")
	setFlagsFromString("--semi-space-growth-factor=1")
	return () => {
		setFlagsFromString("--heap-growing-percent=50")
		setFlagsFromString("--semi-space-growth-factor=2")
	}
}
