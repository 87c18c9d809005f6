import {Config} from "@pulumi/pulumi"
import type {NewCluster} from "./mesh.ts"
import {mesh} from "./mesh.ts"

/* pulumi config set kind gke | eks | kind; pulumi up */

/** Only the cloud that is asked for is loaded: each package is large. */
const makers: Readonly<Record<string, () => Promise<NewCluster>>> = {
	gke: async () => (await import("./gke.ts")).gke(),
	eks: async () => (await import("./eks.ts")).eks(),
	kind: async () => (await import("./kind.ts")).kind(),
}

const kind = new Config().require("kind")
const make = makers[kind]
if (make === undefined) throw new Error(`kind is ${kind}; set it to one of ${Object.keys(makers).join(", ")}`)
mesh(await make())
