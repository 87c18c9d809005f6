import type {Draft} from "./draft.ts"
import type {Asked, Choice, InstallFlow} from "./state.ts"

/** What the reducer wants done in the world. It says what, and never does it itself. */
export type Effect =
	| {readonly type: "connect"; readonly choice: Choice}
	| {readonly type: "disconnect"}
	| {readonly type: "list-choices"}
	| {readonly type: "sandbox-up"; readonly name: string}
	| {readonly type: "explain"; readonly namespace: string}
	| {readonly type: "plan"; readonly draft: Draft}
	| {readonly type: "start"; readonly draft: Draft}
	| {readonly type: "hold"; readonly namespace: string; readonly hold: boolean}
	| {readonly type: "roll-back"; readonly namespace: string}
	| {readonly type: "retry"; readonly namespace: string}
	| {readonly type: "save"; readonly path: string; readonly text: string}
	/** Reads the record of what Heddle has installed. */
	| {readonly type: "components"}
	| {readonly type: "inspect"; readonly asked: Asked}
	| {
			readonly type: "install"
			readonly flow: InstallFlow
			readonly names: readonly string[]
			readonly adopt: boolean
	  }
	/** To the question that an install asks before its first write. */
	| {readonly type: "answer"; readonly yes: boolean}
	| {readonly type: "stop-job"}
	| {readonly type: "suspend"}
	| {readonly type: "exit"; readonly code: 0 | 130}
