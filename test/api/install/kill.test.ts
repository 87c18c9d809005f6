import {expect, test} from "vitest"
import {jsonOf} from "../../kit/cli.ts"
import {heddleOn, inventory, useBareWorld} from "./bare.ts"
import {killedAfter} from "./killed.ts"

const world = useBareWorld()
const small = ["operator", "wasm-runtime", "gateway-api", "--set", "gateway-api.version=1.6.0", "--yes"]

type Report = {result: string; diagnostics: unknown[]}

test.each([1, 8, 14, 21])(
	"an install and an uninstall that are killed after %i objects go on where they stopped",
	{
		timeout: 600_000,
	},
	async (lines) => {
		const before = await inventory(world())
		const on = ["--kubeconfig", world().sandbox.kubeconfig]
		await killedAfter(lines, ["install", ...small, ...on])
		const resumed = await heddleOn(world(), "install", ...small, "--wait-for-lock", "60s", "-o", "json")
		expect(resumed.code, resumed.stderr).toBe(0)
		const settled = await heddleOn(world(), "install", ...small, "-o", "json")
		expect(jsonOf<Report>(settled).result).toBe("unchanged")
		await killedAfter(lines, ["uninstall", "--yes", ...on])
		const gone = await heddleOn(world(), "uninstall", "--yes", "--wait-for-lock", "60s", "-o", "json")
		expect(gone.code, gone.stderr).toBe(0)
		expect([...(await inventory(world())).keys()]).toEqual([...before.keys()])
	},
)
