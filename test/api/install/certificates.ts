import {readFileSync} from "node:fs"
import {join} from "node:path"
import {moduleFolder} from "../../../installer/infra/charts/go-module.ts"
import {objectsOf} from "../../../installer/infra/charts/tidy.ts"
import {apply} from "../../kit/apply.ts"
import type {World} from "../../kit/open-world.ts"

/** cert-manager's own CRDs, which Linkerd's component needs before it; its controllers do not run here. */
export async function withCertificates(world: World): Promise<void> {
	const folder = await moduleFolder({
		path: "github.com/cert-manager/cert-manager",
		version: "v1.21.2",
		sum: "h1:UWgoYM+KLNtRlqmoWOKjKBOBUPVHeepQ6/ac3ERJW68=",
	})
	for (const name of ["certificates", "issuers", "clusterissuers"]) {
		const text = readFileSync(join(folder, "deploy", "crds", `cert-manager.io_${name}.yaml`), "utf8")
		for (const object of objectsOf(text, name)) await apply(world, object)
	}
}
