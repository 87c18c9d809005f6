import {allOf, type Fill, type Flag, type Grammar} from "./grammar.ts"
import {valueFlags} from "./words.ts"

export function fishCompletion(root: Grammar): string {
	const commands = allOf(root)
	return `# fish completion of heddle. Load it with: heddle completion fish | source
function __heddle_at
	set -l path
	set -l skip no
	for word in (commandline -opc)[2..]
		if test $skip = yes
			set skip no
			continue
		end
		switch $word
			case '--*=*'
			case ${valueFlags(root).join(" ")}
				set skip yes
			case '-*'
			case '*'
				set -l next (string join ' ' -- $path $word)
				contains -- $next ${commands
					.slice(1)
					.map(({path}) => quoted(path.join(" ")))
					.join(" ")}; and set path $path $word
		end
	end
	test "$path" = "$argv[1]"
end

function __heddle_ask
	set -l words (commandline -opc)
	set -l where
	for i in (seq 2 (count $words))
		switch $words[$i]
			case '--context=*' '--kubeconfig=*'
				set -a where $words[$i]
			case --context --kubeconfig
				test $i -lt (count $words); and set -a where $words[$i] $words[(math $i + 1)]
		end
	end
	command $words[1] __complete $argv[1] $where 2>/dev/null
end

complete -c heddle -e
complete -c heddle -f
${root.flags.map((flag) => flagLine(flag)).join("")}${commands.map(lines).join("")}`
}

/** In single quotes, in which fish takes a backslash for what it is. */
const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`

const where = ({path}: Grammar): string =>
	`complete -c heddle -n ${quoted(`__heddle_at '${path.join(" ")}'`)}`

function lines(one: Grammar): string {
	const flags = one.path.length === 0 ? [] : one.flags.map((flag) => flagLine(flag, one))
	const commands = one.commands.map(
		({path, description}) => `${where(one)} -a ${path.at(-1)} -d ${quoted(description)}\n`,
	)
	const [place] = one.places
	const fill = place === undefined ? "" : filled(place.fill)
	const places = fill === "" ? [] : [`${where(one)}${fill}\n`]
	// Fish takes a flag for done after one value; what follows may be more files.
	const many = one.flags.some(({variadic}) => variadic) ? [`${where(one)} -F\n`] : []
	return [...flags, ...commands, ...places, ...many].join("")
}

function flagLine({long, short, value, description, fill}: Flag, one?: Grammar): string {
	const start = one === undefined ? "complete -c heddle" : where(one)
	const letter = short === undefined ? "" : ` -s ${short.slice(1)}`
	const wants = value === undefined ? "" : fill.from === "files" ? " -r" : " -x"
	return `${start}${letter} -l ${long.slice(2)}${wants}${value === undefined ? "" : filled(fill)} -d ${quoted(description)}\n`
}

function filled(fill: Fill): string {
	if (fill.from === "choices") return ` -a ${quoted(fill.choices.join(" "))}`
	if (fill.from === "ask") return ` -a ${quoted(`(__heddle_ask ${fill.ask})`)}`
	if (fill.from === "files") return " -F"
	return fill.from === "folders" ? ` -a ${quoted("(__fish_complete_directories (commandline -ct) '')")}` : ""
}
