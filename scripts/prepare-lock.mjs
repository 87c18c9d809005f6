import {linkSync, readFileSync, renameSync, rmSync, writeFileSync} from "node:fs"

/** Runs `work` while no other process of this checkout does. The lock of a process that is gone is taken over. */
export async function withLock(path, work) {
	for (let waited = 0; !take(path); waited++) {
		if (waited === 0)
			process.stderr.write(`heddle: waiting for process ${read(path)} to install the packages …\n`)
		await new Promise((done) => setTimeout(done, 200))
	}
	try {
		return work()
	} finally {
		rmSync(path, {force: true})
	}
}

/** Linking a finished file is atomic and fails if the name is taken, so a lock never lacks its holder. */
function take(path) {
	const mine = `${path}.${process.pid}`
	writeFileSync(mine, String(process.pid))
	try {
		linkSync(mine, path)
		return true
	} catch (error) {
		if (error.code !== "EEXIST") throw error
		const holder = read(path)
		if (holder && !isRunning(Number(holder))) discard(path, holder, mine)
		return false
	} finally {
		rmSync(mine, {force: true})
	}
}

/** Two waiters may both see the dead holder: the slower one must put back what the faster one has since taken. */
function discard(path, holder, aside) {
	try {
		renameSync(path, aside)
		if (read(aside) !== holder) linkSync(aside, path)
	} catch (error) {
		if (error.code !== "ENOENT" && error.code !== "EEXIST") throw error
	}
}

function read(path) {
	try {
		return readFileSync(path, "utf8")
	} catch {
		return ""
	}
}

function isRunning(pid) {
	try {
		process.kill(pid, 0)
		return true
	} catch (error) {
		return error.code === "EPERM"
	}
}
