// Command terraform-provider-dts is a Terraform provider that reads jobs and
// prechecks of Alibaba Cloud Data Transmission Service. Terraform starts it.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"runtime/debug"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/dts-community/terraform-provider-dts/internal/provider"
)

// version and commit are set by make.
var version, commit = "dev", "unknown"

// memoryLimit is the memory, in bytes, above which garbage is collected more
// often. It is not a limit of what a read can take.
const memoryLimit = 300 << 20

func main() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	attach := flag.Bool("debug", false, "let a debugger attach: print how to reach the provider, and stay")
	printVersion := flag.Bool("version", false, "print the version")
	flag.Parse()
	if *printVersion {
		fmt.Printf("terraform-provider-dts %s (commit %s)\n", version, commit)
		return
	}
	var options []tf6server.ServeOpt
	if *attach {
		options = append(options, tf6server.WithManagedDebug())
	}
	if err := tf6server.Serve("registry.terraform.io/dts-community/dts", provider.NewServer(version), options...); err != nil {
		log.Fatal(err)
	}
}
