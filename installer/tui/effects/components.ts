import {gt, valid} from "semver"
import type {Http} from "../../../operator/kube/http.ts"
import {componentNames} from "../../engine/component-names.ts"
import {applySetOf} from "../../engine/manifests/apply-set.ts"
import {recipes} from "../../engine/recipes.ts"
import {recordedInstallation} from "../../engine/recorded.ts"
import {checkedArgs} from "../../infra/recipe.ts"
import type {Component} from "../model/state.ts"

type Args = Readonly<Record<string, unknown>>

/** What Heddle can install, and what of it the cluster's record has. @throws KubeError, AbortError */
export async function componentsOf(http: Http, signal: AbortSignal): Promise<readonly Component[]> {
	const record = await recordedInstallation(http, applySetOf("heddle"), signal)
	return componentNames.map((name): Component => {
		const given = record?.spec.components[name]
		if (given === undefined) return {name, recorded: false}
		const version = versionOf(name, given)
		const {version: _pinned, ...rest} = given
		const standard = versionOf(name, rest)
		const older = valid(version) !== null && valid(standard) !== null && gt(standard ?? "", version ?? "")
		return {
			name,
			recorded: true,
			...(version === undefined ? {} : {version}),
			...(older && standard !== undefined ? {newer: standard} : {}),
		}
	})
}

function versionOf(name: Component["name"], given: Args): string | undefined {
	const {version} = checkedArgs(recipes[name], name, given) as Args
	return version === undefined ? undefined : String(version)
}
