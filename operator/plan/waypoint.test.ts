import {expect, it} from "vitest"
import {kmesh} from "../../profiles/kmesh/index.ts"
import {snapshotOf} from "../../profiles/snapshot/snapshot.ts"
import {controlPlanes} from "./testing/cluster.ts"
import {waypointSteps} from "./waypoint.ts"

it("a waypoint that the plan brings is one of the installation that it is for", () => {
	const [installation] = kmesh.detect(
		snapshotOf([...controlPlanes["istio-1-25"](), ...controlPlanes.kmesh()]),
	)
	if (installation === undefined) throw new Error("Kmesh is not detected")
	const waypoint = {name: "waypoint", namespace: "shop", state: "absent"} as const
	const [bring] = waypointSteps({waypoint, namespace: "shop", labels: {}, installation})
	expect(bring?.manifest?.metadata.annotations).toEqual({
		"sidecar.istio.io/proxyImage": "ghcr.io/kmesh-net/waypoint:v1.2.0",
	})
	const [plain] = waypointSteps({
		waypoint,
		namespace: "shop",
		labels: {},
		installation: {...installation, revision: "1-30", waypoint: {labels: {}, annotations: {}}},
	})
	expect(plain?.manifest?.metadata.labels).toMatchObject({"istio.io/rev": "1-30"})
})
