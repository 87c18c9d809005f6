//go:build tools

// Package tools pins the command that the sandbox builds from source.
package tools

import _ "github.com/coredns/coredns"
