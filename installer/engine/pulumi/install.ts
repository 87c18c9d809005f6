import type {ExitCode} from "../../exit.ts"
import type {Flags} from "../../flags.ts"
import type {Session} from "../../session.ts"

export async function installByPulumi(_s: Session, _f: Flags, _n: readonly string[]): Promise<ExitCode> {
	throw new Error("later")
}
export async function uninstallByPulumi(_s: Session, _f: Flags, _n: readonly string[]): Promise<ExitCode> {
	throw new Error("later")
}
export async function upgradeByPulumi(_s: Session, _f: Flags, _n: readonly string[]): Promise<ExitCode> {
	throw new Error("later")
}
