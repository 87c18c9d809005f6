#!/usr/bin/env node
// Plain JavaScript on purpose: stripping the types of an entry file costs more than all else that `--help` does,
// and only what is imported after this line comes from the compile cache. The cache lies in the user's own folder,
// since code read from a shared temporary folder would be code that others can write.
import {enableCompileCache} from "node:module"
import {homedir} from "node:os"
import {isAbsolute, join} from "node:path"

const xdg = process.env.XDG_CACHE_HOME ?? ""
enableCompileCache(join(isAbsolute(xdg) ? xdg : join(homedir(), ".cache"), "heddle", "compile"))
await import("./main.ts")
