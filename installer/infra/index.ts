/**
 * Heddle as Pulumi components: what `heddle install` installs, for an infrastructure repository of one's own. In
 * other languages of Pulumi: `pulumi package add` with this repository.
 */
export {Cilium, type CiliumArgs} from "./components/cilium.ts"
export {Dapr, type DaprArgs} from "./components/dapr.ts"
export {EnvoyGateway, type EnvoyGatewayArgs} from "./components/envoy-gateway.ts"
export {GatewayApi, type GatewayApiArgs} from "./components/gateway-api.ts"
export {HeddleOperator, type HeddleOperatorArgs} from "./components/heddle-operator.ts"
export {IstioAmbient, type IstioAmbientArgs} from "./components/istio-ambient.ts"
export type {IstioRevisionArgs} from "./components/istio-revision.ts"
export {IstioSidecar, type IstioSidecarArgs} from "./components/istio-sidecar.ts"
export {Kmesh, type KmeshArgs} from "./components/kmesh.ts"
export {Linkerd, type LinkerdArgs} from "./components/linkerd.ts"
export {MeshProfile, type MeshProfileArgs} from "./components/mesh-profile.ts"
export type {MeshProfileSpecArgs} from "./components/mesh-profile-args.ts"
export {WasmRuntime, type WasmRuntimeArgs} from "./components/wasm-runtime.ts"
