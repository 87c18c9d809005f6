import {dataplaneChecks} from "./dataplanes.ts"
import {enrolmentChecks} from "./enrolment.ts"
import {kubernetesChecks} from "./kubernetes.ts"
import {liveChecks} from "./live-catalogue.ts"
import {networkChecks} from "./network.ts"
import {profileChecks} from "./profiles.ts"
import {roomChecks} from "./room.ts"
import {type CheckEntry, groups, type PureCheck} from "./types.ts"
import {versionChecks} from "./versions.ts"
import {webhookChecks} from "./webhooks.ts"

export const pureChecks: readonly PureCheck[] = [
	...kubernetesChecks,
	...versionChecks,
	...networkChecks,
	...webhookChecks,
	...dataplaneChecks,
	...enrolmentChecks,
	...roomChecks,
	...profileChecks,
]

/** Every check, in the order in which they are told. */
export const checks: readonly CheckEntry[] = groups.flatMap((group) =>
	[...pureChecks, ...Object.values(liveChecks)].filter((one) => one.group === group),
)
