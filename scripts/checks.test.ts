import {test} from "vitest"
import {checks} from "./checks.ts"
import {runCheck} from "./run-check.ts"

test.concurrent.for(checks)("$name", async (check, {expect}) => {
	const {ok, output} = await runCheck(check)
	expect(ok, output).toBe(true)
})
