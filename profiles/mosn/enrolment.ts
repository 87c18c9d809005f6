/** The same webhook with the same labels as Istio's sidecar: which proxy comes the revision alone decides. */
export {enrol, leave, owns} from "../istio-sidecar/enrolment.ts"
