package main

import (
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/emulator"
)

const help = `dts-emulator serves the DTS API on loopback, so that Terraform configurations
that use the dts provider can be tried and tested without an Alibaba Cloud
account.

Usage:

  dts-emulator [flags]

Example: serve a precheck that fails at first and passes when it is run again, and
throttle every fifth request. Any free port is printed on the first line.

  dts-emulator --listen 127.0.0.1:0 --scenario failed-then-passed \
    --faults '[{"kind": "throttling", "calls": "every 5"}]'

Provider block:

  provider "dts" {
    region     = "cn-hangzhou"
    access_key = "%s"
    secret_key = "%s"
    protocol   = "HTTP"

    endpoints {
      dts = "127.0.0.1:8899"
    }
  }

Control paths:

%s
A SIGHUP does the same as a request to reload.

Flags. Each is also set by an environment variable, such as %s for
--listen; a flag takes precedence.

`

// printHelp prints all that a user needs who has nothing but the binary.
func printHelp(w io.Writer, flags *flag.FlagSet) {
	_, _ = fmt.Fprintf(w, help, emulator.DefaultAccessKey, emulator.DefaultSecretKey, emulator.ControlIndex(), environmentVariable("listen"))
	var defaults strings.Builder
	flags.SetOutput(&defaults)
	flags.PrintDefaults()
	_, _ = io.WriteString(w, strings.ReplaceAll(defaults.String(), "  -", "  --"))
}
