import type {MeshProfile} from "../../crds/generated.ts"
import type {Flags} from "../flags.ts"
import type {Session} from "../session.ts"
import {merged} from "./merge.ts"
import {isProfile, onlyProfiles, validProfiles} from "./profiles.ts"
import {readPlaced} from "./read-objects.ts"

/** The profiles that the command line names: all of `--profile`, and those among `--from-files`. @throws AbortError */
export async function givenProfiles(session: Session, flags: Flags): Promise<MeshProfile[]> {
	const files = await readPlaced(flags.fromFiles ?? [], "--from-files", session)
	const own = await readPlaced(flags.profile ?? [], "--profile", session)
	onlyProfiles(own.map(({object}) => object))
	return validProfiles(
		merged([...files, ...own])
			.map(({object}) => object)
			.filter(isProfile),
	)
}
