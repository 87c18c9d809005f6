import {parse} from "yaml"
import type {Http} from "../../operator/kube/http.ts"
import type {Installation} from "./installation.ts"
import {installationOf} from "./installation.ts"
import {ObjectApi} from "./manifests/api.ts"
import type {ApplySet} from "./manifests/apply-set.ts"
import {home, parentRef, recordedIn} from "./manifests/apply-set.ts"

/** What a cluster says was installed; undefined when nothing was. @throws AbortError when the record is damaged */
export async function recordedInstallation(
	http: Http,
	set: ApplySet,
	signal: AbortSignal,
): Promise<Installation | undefined> {
	const text = recordedIn(await new ObjectApi(http, signal).get(parentRef(set)))
	return text === undefined ? undefined : installationOf(parse(text), `the ConfigMap ${home}/${set.name}`)
}
