//go:build tools

// Package tools pins the module whose config/crd folder the sandbox installs.
package tools

import _ "sigs.k8s.io/gateway-api/apis/v1"
