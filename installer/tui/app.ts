import {
	Box,
	Transform,
	useAnimation,
	useApp,
	useInput,
	useIsScreenReaderEnabled,
	usePaste,
	useWindowSize,
} from "ink"
import {createElement as h, useEffect, useRef, useSyncExternalStore} from "react"
import type {Style} from "../report/style.ts"
import {keysOf, textOf} from "./keys/read.ts"
import {isBusy} from "./model/busy.ts"
import type {Store} from "./store.ts"
import type {Suspender} from "./terminal.ts"
import {frameOf} from "./views/frame.ts"
import {spokenLines} from "./views/spoken.ts"

type AppProps = {readonly store: Store; readonly style: Style; readonly suspend: Suspender}

const spinnerMs = 100

/**
 * The one component that knows of React and Ink: it hears keys and draws lines. What a line says is decided by pure
 * functions of the state. Written without JSX, because Node runs these files as they are and runs no JSX; a loader
 * would cost more of the first frame than all the rest.
 */
export function App({store, style, suspend}: AppProps) {
	const state = useSyncExternalStore(store.subscribe, store.state)
	const {columns, rows} = useWindowSize()
	const spoken = useIsScreenReaderEnabled()
	const {suspendTerminal} = useApp()
	// A screen reader would read every turn of a spinner.
	const {frame} = useAnimation({interval: spinnerMs, isActive: isBusy(state) && !spoken})
	const drawn = frameOf(state, {columns, rows}, {style, frame})
	const {lines} = spoken ? {lines: spokenLines(state)} : drawn
	const last = useRef({state, extent: drawn.extent})
	last.current = {state, extent: drawn.extent}
	/** Of what is on the screen; of a screen that an earlier key has opened, before it is drawn. */
	const extentNow = () => {
		const now = store.state()
		const {state: seen, extent} = last.current
		const isSame = now.screen === seen.screen && now.help === seen.help
		return isSame ? extent : frameOf(now, {columns, rows}, {style, frame}).extent
	}
	useEffect(() => {
		suspend.use(suspendTerminal)
		return () => suspend.use(undefined)
	}, [suspend, suspendTerminal])
	useInput((input, key) => {
		for (const name of keysOf(input, key))
			store.dispatch({type: "key", key: name, text: textOf(name), extent: extentNow()})
	})
	usePaste((text) => store.dispatch({type: "pasted", text}))
	return h(Screen, {lines, ...(spoken ? {} : {rows})})
}

/**
 * Lines from top to bottom; with `rows`, exactly so many, which keeps the terminal from scrolling. Ink lays out one
 * column of blanks and puts each line in the place of one: it would measure every line at every frame otherwise,
 * which costs more than all else that a key sets off, to find what is known already.
 */
export function Screen({lines, rows}: {readonly lines: readonly string[]; readonly rows?: number}) {
	const size = rows === undefined ? {} : {height: rows}
	const transform = (_blank: string, index: number) => lines[index] ?? ""
	const places = Array.from({length: Math.max(1, lines.length)}, () => " ").join("\n")
	return h(
		Box,
		{flexDirection: "column", ...size},
		h(Transform, {transform, accessibilityLabel: lines.join("\n")}, places),
	)
}
