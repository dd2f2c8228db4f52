// Command terraform-provider-dts is a Terraform provider that reads jobs and
// prechecks of Alibaba Cloud Data Transmission Service. Terraform starts it.
package main

import (
	"context"
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/dts-community/terraform-provider-dts/internal/provider"
)

// version is set by the release build.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "let a debugger attach: print how to reach the provider, and stay")
	flag.Parse()
	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address: "registry.terraform.io/dts-community/dts",
		Debug:   *debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}
