// Package main serves Pulumi's Kubernetes provider out of its pinned module, which lacks the generated files that its
// own main package embeds. They are what SDKs are generated from; a program that runs is served without them.
package main

import "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"

// Set by the linker.
var version string

func main() {
	provider.Serve("kubernetes", version, []byte(`{"name":"kubernetes"}`), []byte("{}"), []byte("{}"))
}
