import {bindingsOn, type KeyBinding, keyLabel} from "../keys/map.ts"
import {filterHelp} from "../model/filter.ts"
import {type Canvas, scrolled, type View} from "./body.ts"
import {paint, sized, wrapped} from "./paint.ts"

/** Made of the key map: a key that is not here does nothing. */
export const helpView: View = (state, canvas) => {
	const bindings = bindingsOn(state.screen)
	const own = bindings.filter(({on}) => on !== "every screen" && on.length < 6)
	const others = bindings.filter((binding) => !own.includes(binding))
	const lines = [
		...(own.length === 0 ? [] : section("Here", own, canvas)),
		...section("Everywhere", others, canvas),
		...(state.screen === "namespaces"
			? ["", title("Filters", canvas), ...wrapped(filterHelp, canvas, {indent: 3, most: 9})]
			: []),
	]
	return scrolled(lines, state.scrolls.help, canvas.room)
}

const title = (text: string, canvas: Canvas) => paint([{text: `   ${text}`, tone: "strong"}], canvas)

function section(name: string, bindings: readonly KeyBinding[], canvas: Canvas): readonly string[] {
	return [
		"",
		title(name, canvas),
		...bindings.map(({keys, help}) =>
			paint(["   ", {text: sized(keys.map(keyLabel).join(" "), 10), tone: "accent"}, help], canvas),
		),
	]
}
