// Package main serves Dapr's sidecar injector out of its pinned module. Dapr's own main package asks Dapr's certificate
// authority for the certificate that the API server checks; this one reads it from files, and a token of a pod is not
// needed. What is injected does not depend on it.
package main

import (
	"context"
	"crypto/tls"
	"flag"
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/spiffe/go-spiffe/v2/spiffeid"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	scheme "github.com/dapr/dapr/pkg/client/clientset/versioned"
	"github.com/dapr/dapr/pkg/healthz"
	"github.com/dapr/dapr/pkg/injector/service"
)

func main() {
	kubeconfig := flag.String("kubeconfig", "", "of the cluster")
	certificate := flag.String("certificate", "", "file in PEM")
	key := flag.String("key", "", "file in PEM")
	anchors := flag.String("trust-anchors", "", "file in PEM")
	port := flag.Int("port", 4000, "of the webhook")
	flag.Parse()
	if err := serve(*kubeconfig, *certificate, *key, *anchors, *port); err != nil {
		log.Fatal(err)
	}
}

func serve(kubeconfig, certificate, key, anchors string, port int) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	pair, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil {
		return err
	}
	trusted, err := os.ReadFile(anchors)
	if err != nil {
		return err
	}
	rest, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	kube, err := kubernetes.NewForConfig(rest)
	if err != nil {
		return err
	}
	dapr, err := scheme.NewForConfig(rest)
	if err != nil {
		return err
	}
	config, err := service.GetConfig()
	if err != nil {
		return err
	}
	if err := service.InitMetrics(); err != nil {
		return err
	}
	uids, err := service.AllowedControllersServiceAccountUID(ctx, config, kube)
	if err != nil {
		return err
	}
	injector, err := service.NewInjector(service.Options{
		Port:                    port,
		AuthUIDs:                uids,
		Config:                  config,
		DaprClient:              dapr,
		KubeClient:              kube,
		ControlPlaneNamespace:   config.Namespace,
		ControlPlaneTrustDomain: config.ControlPlaneTrustDomain,
		Healthz:                 healthz.New(),
	})
	if err != nil {
		return err
	}
	sentry, err := spiffeid.FromString("spiffe://" + config.ControlPlaneTrustDomain + "/ns/" + config.Namespace + "/dapr-sentry")
	if err != nil {
		return err
	}
	return injector.Run(ctx, &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, sentry,
		func(context.Context) ([]byte, error) { return trusted, nil })
}
