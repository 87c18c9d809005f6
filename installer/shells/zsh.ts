import {allOf, type Fill, type Grammar} from "./grammar.ts"
import {quoted, spellings, valueFlags} from "./words.ts"

/** Works sourced, and as a file `_heddle` in a folder of `fpath`. */
export function zshCompletion(root: Grammar): string {
	const commands = allOf(root)
	const names = commands.slice(1).map(({path}) => quoted(path.join(" ")))
	return `#compdef heddle
# zsh completion of heddle. Load it with: source <(heddle completion zsh)
_heddle_ask() {
	local -a found
	found=(\${(f)"$("\${(Q)words[1]}" __complete $1 "\${where[@]}" 2>/dev/null)"})
	compadd -a found
}

_heddle() {
	local at="" many="" word before prev i
	local -a where said
	for ((i = 2; i < CURRENT; i++)); do
		word=\${words[i]} before=\${words[i-1]}
		case $before in --context|--kubeconfig) where+=($before $word) ;; esac
		case $word in --context=*|--kubeconfig=*) where+=($word) ;; esac
		case $before in ${valueFlags(root, ({variadic}) => !variadic).join("|")}) continue ;; esac
		case $word in
		${valueFlags(root, ({variadic}) => variadic).join("|")}) many=$word ;;
		-*) many="" ;;
		*) case "\${at:+$at }$word" in (${names.join("|")}) at="\${at:+$at }$word" ;; esac ;;
		esac
	done
	word=\${words[CURRENT]} prev=\${words[CURRENT-1]}
	if [[ $word == --*=* ]]; then
		prev=\${word%%=*}
		compset -P '*='
	elif [[ -n $many && $word != -* ]]; then
		prev=$many
	fi
	case "$at:$prev" in
${values(root, "*")}${commands
	.slice(1)
	.map((one) => values(one, one.path.join(" ")))
	.join("")}	esac
	if [[ $word == -* ]]; then
		case "$at" in
${commands.map((one) => flagsOf(root, one)).join("")}		esac
		_describe -o flag said
		return
	fi
	case "$at" in
${commands.map(words).join("")}	esac
}
if [[ \${funcstack[1]} == _heddle ]]; then _heddle "$@"; else compdef _heddle heddle; fi
`
}

/** \`_describe\` splits at the first colon. */
const said = (name: string, description: string): string =>
	quoted(`${name.replaceAll(":", "\\:")}:${description}`)

function values({flags}: Grammar, at: string): string {
	return flags
		.filter(({value}) => value !== undefined)
		.map((flag) => {
			const patterns = spellings(flag).map((one) => (at === "*" ? `*:${one}` : quoted(`${at}:${one}`)))
			return `	(${patterns.join("|")}) ${filled(flag.fill)}; return ;;\n`
		})
		.join("")
}

function flagsOf(root: Grammar, one: Grammar): string {
	const flags = [...(one === root ? [] : one.flags), ...root.flags]
	const lines = flags.map(({long, description}) => said(long, description))
	return `		(${quoted(one.path.join(" "))}) said=(${lines.join(" ")}) ;;\n`
}

function words({path, commands, places}: Grammar): string {
	const at = `	(${quoted(path.join(" "))}) `
	if (commands.length > 0) {
		const lines = commands.map((one) => said(one.path.at(-1) ?? "", one.description))
		return `${at}said=(${lines.join(" ")}); _describe command said ;;\n`
	}
	const [place] = places
	return place === undefined ? "" : `${at}${filled(place.fill)} ;;\n`
}

function filled(fill: Fill): string {
	if (fill.from === "choices") return `compadd -- ${fill.choices.join(" ")}`
	if (fill.from === "ask") return `_heddle_ask ${fill.ask}`
	if (fill.from === "nothing") return ":"
	return fill.from === "files" ? "_files" : "_files -/"
}
