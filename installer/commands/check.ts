import type {MeshProfile} from "../../crds/generated.ts"
import {isForbidden} from "../../operator/kube/errors.ts"
import type {Client} from "../../operator/kube/types.ts"
import {AbortError, messageOf} from "../abort.ts"
import {checkedBeyond} from "../checks/extra.ts"
import {notRunLive, runLive} from "../checks/live.ts"
import {type CheckReport, reportOf} from "../checks/report.ts"
import {notRunPure, runPure} from "../checks/run.ts"
import type {CheckResult} from "../checks/types.ts"
import type {ExitCode} from "../exit.ts"
import {exit} from "../exit.ts"
import type {Flags} from "../flags.ts"
import {withCluster} from "../flow/cluster.ts"
import {readCluster} from "../input/cluster.ts"
import {gatherFiles} from "../input/gather.ts"
import {givenProfiles} from "../input/given.ts"
import type {Places} from "../input/places.ts"
import {nowhere} from "../input/places.ts"
import {checkText} from "../report/check-text.ts"
import {printDocument} from "../report/document.ts"
import type {Session} from "../session.ts"

type Checked = {readonly source: string; readonly results: readonly CheckResult[]; readonly places: Places}

/** Looks whether a cluster, or the files of one, can do what Heddle would ask of it. Changes nothing. */
export async function check(session: Session, flags: Flags): Promise<ExitCode> {
	const checked =
		flags.fromFiles === undefined ? await checkCluster(session, flags) : await checkFiles(session, flags)
	const report = reportOf({...checked, strict: flags.strict === true})
	await print(session, report, checked.places)
	return report.ok ? exit.done : exit.refused
}

async function print(session: Session, report: CheckReport, places: Places): Promise<void> {
	await printDocument(session, report, {
		text: () => checkText(report, session.page),
		sarif: async () => (await import("../report/sarif-check.ts")).checkSarif(report, places),
		junit: async () => (await import("../report/junit-check.ts")).checkJUnit(report, places),
	})
}

async function checkFiles(session: Session, flags: Flags): Promise<Checked> {
	const gathered = await gatherFiles(session, {...flags, allNamespaces: true}, checkedBeyond().kinds)
	const pure = runPure({...gathered, fromCluster: false, now: new Date()})
	return {source: "files", results: [...pure, ...notRunLive("no cluster")], places: gathered.places}
}

/** A cluster that does not answer is a finding, and the reason why nothing else was looked at. */
async function checkCluster(session: Session, flags: Flags): Promise<Checked> {
	const given = await givenProfiles(session, flags)
	try {
		return await withCluster(session, flags, async ({client, context}) => {
			const live = await runLive(client, session.signal)
			return {
				source: context,
				results: [...(await lookAt({session, client, given})), ...live],
				places: nowhere,
			}
		})
	} catch (error) {
		if (!(error instanceof AbortError) || error.exit !== exit.refused) throw error
		const why = `the cluster did not let itself be read (${error.code})`
		const finding = {
			message: messageOf(error),
			...(error.tryMessage === undefined ? {} : {fix: error.tryMessage}),
		}
		const results = [...notRunPure(why), ...notRunLive(why, finding)]
		return {source: flags.context ?? "cluster", results, places: nowhere}
	}
}

type Looking = {readonly session: Session; readonly client: Client; readonly given: readonly MeshProfile[]}

/** Without the right to list namespaces there is nothing to look at; the live checks say what is missing. */
async function lookAt({session, client, given}: Looking): Promise<readonly CheckResult[]> {
	try {
		const gathered = await readCluster(session, client, given, checkedBeyond())
		const server = await client.serverVersion()
		return runPure({...gathered, server, fromCluster: true, now: new Date()})
	} catch (error) {
		if (isForbidden(error)) return notRunPure(messageOf(error))
		throw error
	}
}
