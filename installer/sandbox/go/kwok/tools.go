//go:build tools

// Package tools pins the command that the sandbox builds from source.
package tools

import _ "sigs.k8s.io/kwok/cmd/kwok"
