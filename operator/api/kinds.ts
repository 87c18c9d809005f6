import type {MeshBinding as MeshBindingShape, MeshProfile as MeshProfileShape} from "../../crds/generated.ts"
import {clusterScoped, namespaced} from "../../profiles/snapshot/kinds.ts"
import {group} from "./names.ts"

export const MeshProfile = clusterScoped<MeshProfileShape>(group, "v1alpha1", "MeshProfile", "meshprofiles")
export const MeshBinding = namespaced<MeshBindingShape>(group, "v1alpha1", "MeshBinding", "meshbindings")
