import {afterAll, beforeAll, test} from "vitest"
import {useBareWorld} from "./bare.ts"
import {upgradeByRevision} from "./upgrade-story.ts"

const world = useBareWorld()

beforeAll(() => {
	process.env.HEDDLE_OFFLINE = "1"
})
afterAll(() => {
	delete process.env.HEDDLE_OFFLINE
})

test("an old revision stays beside the new one (a stand-in) while a pod (a stand-in) uses it, and then goes", {
	timeout: 1_200_000,
}, async () => {
	await upgradeByRevision(world(), "manifests", {})
})
