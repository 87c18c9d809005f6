import {namespaced} from "../../snapshot/kinds.ts"
import type {Custom} from "../../snapshot/shapes.ts"

const group = "dapr.io"

export const DaprConfiguration = namespaced<Custom>(group, "v1alpha1", "Configuration", "configurations")
export const Resiliency = namespaced<Custom>(group, "v1alpha1", "Resiliency", "resiliencies")

/** Kinds of Dapr's that tell what it does between applications. */
export const daprKinds = [DaprConfiguration, Resiliency] as const
