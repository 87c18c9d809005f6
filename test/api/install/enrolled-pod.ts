import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import {get, type World} from "../../kit/open-world.ts"

/** A stand-in for a pod in the mesh: it has a sidecar's marks, and no kubelet. */
export const enrolledPod = (revision: string): KubeObject => ({
	apiVersion: "v1",
	kind: "Pod",
	metadata: {
		name: "meshed",
		namespace: "default",
		labels: {"sidecar.istio.io/inject": "false"},
		annotations: {"sidecar.istio.io/status": "{}", "istio.io/rev": revision},
	},
	...{
		spec: {
			containers: [
				{name: "app", image: "registry.example/app:1"},
				{name: "istio-proxy", image: "registry.example/proxyv2:1"},
			],
		},
	},
})

export async function removeEnrolledPod({http}: World): Promise<void> {
	await http.request({
		...get("/api/v1/namespaces/default/pods/meshed?gracePeriodSeconds=0"),
		method: "DELETE",
	})
}
