import type {CatalogueEntry} from "../profiles/reasons/catalogue.ts"
import {ciliumReasons} from "../profiles/reasons/cilium.ts"
import {daprReasons} from "../profiles/reasons/dapr.ts"
import {gkeReasons} from "../profiles/reasons/gke.ts"
import {kmeshReasons} from "../profiles/reasons/kmesh.ts"
import {linkerdReasons} from "../profiles/reasons/linkerd.ts"
import {mosnReasons} from "../profiles/reasons/mosn.ts"
import {policyReasons} from "../profiles/reasons/policy.ts"
import {trafficReasons} from "../profiles/reasons/traffic.ts"
import {wasmReasons} from "../profiles/reasons/wasm.ts"

type Coded = CatalogueEntry & {readonly code: string}

const coded = (catalogue: Readonly<Record<string, CatalogueEntry>>): readonly Coded[] =>
	Object.entries(catalogue).map(([code, entry]) => ({code, ...entry}))

const shared = coded({...policyReasons, ...trafficReasons})
const speaks = (of: RegExp) => shared.filter(({code, doc}) => of.test(`${code} ${doc}`))

/** A chapter of the catalogue is a dataplane's; the chapters that several share are told apart by what they speak of. */
const chapters: Readonly<Record<string, readonly Coded[]>> = {
	"istio-sidecar": speaks(/sidecar|Istio/i),
	"istio-ambient": speaks(/ztunnel|ambient|waypoint|HBONE/i),
	linkerd: coded(linkerdReasons),
	cilium: coded(ciliumReasons),
	"gke-dataplane-v2": coded(gkeReasons).filter(({code}) => !/Ambient/.test(code)),
	"gke-ambient": coded(gkeReasons).filter(({code}) => /Ambient/.test(code)),
	kmesh: coded(kmeshReasons),
	mosn: coded(mosnReasons),
	dapr: coded(daprReasons),
	wasmedge: coded(wasmReasons),
	wasmtime: coded(wasmReasons),
}

export const reasonsAbout = (name: string): readonly Coded[] => chapters[name] ?? []
