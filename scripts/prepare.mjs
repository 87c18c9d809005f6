/*
 * Makes `npm start`, `npm test` and the like work straight after `git clone`: installs the locked packages when they
 * are missing or differ from package-lock.json. One of them is Node 24, which npm scripts then run.
 *
 * Plain JavaScript without dependencies, for it runs on the machine's own Node before anything is installed.
 * It writes to stderr only: `npm run -s heddle -- … --output json` has one document on stdout.
 */
import {spawnSync} from "node:child_process"
import {accessSync, constants, readFileSync} from "node:fs"
import {dirname, join} from "node:path"
import {fileURLToPath} from "node:url"
import {withLock} from "./prepare-lock.mjs"

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const least = [24, 12]

/** Where npm puts the Node that it installs for us. */
const ownNode = join(root, "node_modules/.bin/node")

function fail(message) {
	process.stderr.write(`heddle: ${message}\n`)
	process.exit(1)
}

function packages(path) {
	try {
		return JSON.parse(readFileSync(join(root, path), "utf8")).packages
	} catch {
		return undefined
	}
}

/** npm writes node_modules/.package-lock.json last: where it names every locked version, all of them are there. */
function isInstalled() {
	const wanted = packages("package-lock.json")
	const there = packages("node_modules/.package-lock.json")
	if (!wanted || !there) return false
	return Object.entries(wanted).every(
		([path, {version, optional}]) =>
			path === "" || (there[path] ? there[path].version === version : optional === true),
	)
}

function isExecutable(path) {
	try {
		accessSync(path, constants.X_OK)
		return true
	} catch {
		return false
	}
}

function isRecent(version) {
	const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number)
	return major > least[0] || (major === least[0] && minor >= least[1])
}

/** Npm scripts find node_modules/.bin first, then the machine's own Node. */
function hasNode() {
	return isExecutable(ownNode) || isRecent(process.versions.node)
}

function install() {
	process.stderr.write("heddle: installing the packages of package-lock.json, once per checkout …\n")
	const args = ["ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--loglevel=error"]
	const cli = process.env.npm_execpath
	const began = Date.now()
	const {status, error} = cli?.endsWith(".js")
		? spawnSync(process.execPath, [cli, ...args], {cwd: root, stdio: ["ignore", 2, 2]})
		: spawnSync("npm", args, {cwd: root, stdio: ["ignore", 2, 2]})
	if (error) fail(`cannot run npm (${error.message}). Install Node 20 or newer together with npm.`)
	if (status !== 0) {
		fail(
			`\`npm ci\` failed, see above. Is the package registry reachable? \`npm ping\` tells. Then run this again.`,
		)
	}
	process.stderr.write(`heddle: installed in ${Math.round((Date.now() - began) / 1000)} s\n`)
}

/** A binary for another C library installs without complaint, so ask it. */
function check() {
	if (!isInstalled()) fail("npm reports success, but node_modules does not match package-lock.json.")
	const {stdout} = spawnSync(isExecutable(ownNode) ? ownNode : "node", ["--version"], {encoding: "utf8"})
	if (isRecent(stdout ?? "")) return
	fail(
		`Node ${least.join(".")} or newer is needed, and npm has none for ${process.platform} ${process.arch} that runs here. ` +
			"Install Node 24 (https://nodejs.org) and run this again.",
	)
}

const isReady = () => isInstalled() && hasNode()

if (!isReady()) {
	await withLock(join(root, ".prepare.lock"), () => {
		if (isReady()) return // somebody else did it while we waited
		install()
		check()
	})
}
