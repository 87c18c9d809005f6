//go:build tools

// Package tools pins the commands that the sandbox builds from source.
package tools

import (
	_ "k8s.io/kubernetes/cmd/kube-proxy"
	_ "k8s.io/kubernetes/cmd/kubelet"
)
