import ts from "typescript"

/** Where the clock, chance, the process and the network come in. `new Date(text)` only reads a date, and is pure. */
const globals = new Set([
	"process",
	"performance",
	"fetch",
	"setTimeout",
	"setInterval",
	"setImmediate",
	"crypto",
	"console",
])
const members = new Set(["Date.now", "Math.random"])

export type Impurity = {readonly line: number; readonly name: string}

/** Uses of them in a TypeScript source; names in types, members and comments do not count. */
export function impurities(source: string): Impurity[] {
	const file = ts.createSourceFile("source.ts", source, ts.ScriptTarget.Latest, true)
	const found: Impurity[] = []
	const visit = (node: ts.Node): void => {
		const name = impurityOf(node)
		if (name) found.push({line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1, name})
		ts.forEachChild(node, visit)
	}
	visit(file)
	return found
}

function impurityOf(node: ts.Node): string | undefined {
	if (ts.isPropertyAccessExpression(node) && members.has(node.getText())) return node.getText()
	if (ts.isNewExpression(node) && node.expression.getText() === "Date" && !node.arguments?.length)
		return "new Date()"
	if (ts.isIdentifier(node) && globals.has(node.text) && isUse(node)) return node.text
	return undefined
}

/** An expression that reads the global, rather than a member, a key, a parameter or a type of that name. */
function isUse(node: ts.Identifier): boolean {
	const {parent} = node
	if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
	return (ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression === node
}
