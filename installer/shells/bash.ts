import {allOf, type Fill, type Flag, type Grammar} from "./grammar.ts"
import {spellings, valueFlags} from "./words.ts"

/** For bash from 3.2 on, which macOS still has: neither `mapfile` nor `compopt` is taken for granted. */
export function bashCompletion(root: Grammar): string {
	const commands = allOf(root)
	return `# bash completion of heddle. Load it with: source <(heddle completion bash)
_heddle_words() {
	local IFS=$'\\n'
	COMPREPLY=($(compgen -W "$1" -- "$cur"))
}

_heddle_files() {
	local IFS=$'\\n'
	compopt -o filenames 2>/dev/null
	COMPREPLY=($(compgen "$1" -- "$cur"))
}

_heddle_ask() {
	_heddle_words "$("\${COMP_WORDS[0]}" __complete "$1" \${where[@]+"\${where[@]}"} 2>/dev/null)"
}

_heddle() {
	local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} at="" many="" word before i
	local -a where=()
	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=\${COMP_WORDS[i]} before=\${COMP_WORDS[i-1]}
		[[ $before == "=" ]] && before=\${COMP_WORDS[i-2]}
		case $before in --context|--kubeconfig) [[ $word != "=" ]] && where+=("$before" "$word") ;; esac
		case $before in ${valueFlags(root, ({variadic}) => !variadic).join("|")}) continue ;; esac
		case $word in
		${valueFlags(root, ({variadic}) => variadic).join("|")}) many=$word ;;
		-*) many="" ;;
		*) case "\${at:+$at }$word" in ${commands
			.slice(1)
			.map(({path}) => `"${path.join(" ")}"`)
			.join("|")}) at="\${at:+$at }$word" ;; esac ;;
		esac
	done
	# Bash splits --flag=value into three words.
	if [[ $cur == "=" ]]; then cur=""; elif [[ $prev == "=" ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}; fi
	[[ -n $many && $cur != -* ]] && prev=$many
	case "$at:$prev" in
${values(root, "*")}${commands
	.slice(1)
	.map((one) => values(one, one.path.join(" ")))
	.join("")}	esac
	case "$cur" in -*)
		case "$at" in
${commands.map((one) => `		"${one.path.join(" ")}") _heddle_words $'${flagWords(root, one)}' ;;\n`).join("")}		esac
		return ;;
	esac
	case "$at" in
${commands.map(words).join("")}	esac
}
complete -F _heddle heddle
`
}

const flagWords = (root: Grammar, one: Grammar): string =>
	[...(one === root ? [] : one.flags), ...root.flags].map(({long}) => long).join("\\n")

function values({flags}: Grammar, at: string): string {
	return flags
		.filter(({value}) => value !== undefined)
		.map((flag) => `	${pattern(flag, at)}) ${filled(flag.fill)}; return ;;\n`)
		.join("")
}

const pattern = (flag: Flag, at: string): string =>
	spellings(flag)
		.map((one) => (at === "*" ? `*:${one}` : `"${at}:${one}"`))
		.join("|")

function words({path, commands, places}: Grammar): string {
	const at = `	"${path.join(" ")}") `
	if (commands.length > 0)
		return `${at}_heddle_words $'${commands.map((one) => one.path.at(-1)).join("\\n")}' ;;\n`
	const [place] = places
	return place === undefined ? "" : `${at}${filled(place.fill)} ;;\n`
}

function filled(fill: Fill): string {
	if (fill.from === "choices") return `_heddle_words $'${fill.choices.join("\\n")}'`
	if (fill.from === "ask") return `_heddle_ask ${fill.ask}`
	if (fill.from === "nothing") return ":"
	return `_heddle_files ${fill.from === "files" ? "-f" : "-d"}`
}
