//go:build tools

// Package tools pins the commands that the sandbox builds from source.
package tools

import (
	_ "istio.io/istio/cni/cmd/install-cni"
	_ "istio.io/istio/cni/cmd/istio-cni"
)
