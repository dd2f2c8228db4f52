package provider_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// gatedObjects has an object for each planned change that a gate may have to
// hold, between step 1 and step 2.
const gatedObjects = `
variable "step" { type = number }

ephemeral "dts_precheck_gate" "gate" { dts_job_id = "job" }

resource "objects_object" "created" {
  count = var.step - 1
  name  = "created"
  GATED
}
resource "objects_object" "updated" {
  name  = "updated"
  value = var.step
  GATED
}
module "module" {
  source = "./module"
  step   = var.step
  GATED_MODULE
}
resource "objects_object" "replaced_create_first" {
  name = "replaced, create_before_destroy"
  key  = var.step
  GATED
  lifecycle { create_before_destroy = true }
}
resource "objects_object" "replaced" {
  name = "replaced"
  key  = var.step
  GATED
}
` + deletedObject

const deletedObject = `
resource "objects_object" "deleted" {
  count = 2 - var.step
  name  = "deleted"
  GATED
}
`

// gatedModule is the module that gatedObjects calls.
const gatedModule = `
terraform {
  required_providers {
    objects = { source = "example.com/test/objects" }
  }
}
variable "step" { type = number }
resource "objects_object" "object" {
  name  = "of the module"
  value = var.step
}
`

// byDependsOn and byProvider are the two forms of a gate: depends_on, and a
// provider block that uses a value of the gate.
var (
	byDependsOn = strings.NewReplacer(
		"GATED_MODULE", `depends_on = [ephemeral.dts_precheck_gate.gate]`,
		"GATED", `depends_on = [ephemeral.dts_precheck_gate.gate]`)
	byProvider = strings.NewReplacer(
		"GATED_MODULE", `providers = { objects = objects.gated }`,
		"GATED", `provider = objects.gated`)
)

// objectsProviders are the providers of gatedObjects.
const objectsProviders = `
terraform {
  required_providers {
    dts     = { source = "dts-community/dts" }
    objects = { source = "example.com/test/objects" }
  }
}
provider "objects" {}
provider "objects" {
  alias = "gated"
  token = ephemeral.dts_precheck_gate.gate.result
}
`

// objectsCLI runs a configuration with the provider objects.
func objectsCLI(t *testing.T, url, config string) (c *cli, changes func() []string) {
	t.Helper()
	requireEphemeralResources(t)
	directory := t.TempDir()
	if err := os.Mkdir(filepath.Join(directory, "module"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"main.tf": objectsProviders + providerBlock(url) + config, "module/main.tf": gatedModule} {
		if err := os.WriteFile(filepath.Join(directory, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c = newCLI(t, directory)
	c.mustRun(t, "get")
	return c, withOtherProviders(t, c)
}

// gateHolds is the table of the documentation: what a saved plan changes that is
// applied after its gate has closed.
var gateHolds = map[string]struct {
	config  string
	changes []string
	silent  string // the product that reports no error
}{
	"depends_on":          {byDependsOn.Replace(gatedObjects), []string{"delete deleted", "delete replaced"}, ""},
	"depends_on, deleted": {byDependsOn.Replace(deletedObject + gateOnly), []string{"delete deleted"}, "OpenTofu"},
	"provider block":      {byProvider.Replace(gatedObjects), nil, ""},
}

const gateOnly = `
variable "step" { type = number }
ephemeral "dts_precheck_gate" "gate" { dts_job_id = "job" }
`

// TestWhatAGateHolds applies a saved plan after its gate has closed.
func TestWhatAGateHolds(t *testing.T) {
	t.Parallel()
	for name, test := range gateHolds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newChangingPrecheck(t, "passed")
			c, changes := objectsCLI(t, p.URL, test.config)
			c.mustRun(t, "apply", "-auto-approve", "-var=step=1")
			changes()
			c.mustRun(t, "plan", "-out=saved", "-var=step=2")
			p.play("failed")
			output, code := c.run(t, "apply", "saved")
			if got := changes(); !slices.Equal(got, test.changes) {
				t.Errorf("changed %q, want %q:\n%s", got, test.changes, output)
			}
			if product, _ := cliVersion(t); (code == 0) != (product == test.silent) {
				t.Errorf("exit code %d:\n%s", code, output)
			}
			if test.changes != nil {
				return
			}
			output, code = c.run(t, "destroy", "-auto-approve", "-refresh=false", "-var=step=1")
			if got := changes(); code == 0 || got != nil {
				t.Errorf("exit code %d, changed %q:\n%s", code, got, output)
			}
		})
	}
}

// TestPlanThatAGateStoppedIsAppliedAgain opens the gate and applies the plan
// again, which is stale if the state has changed since it was made.
func TestPlanThatAGateStoppedIsAppliedAgain(t *testing.T) {
	t.Parallel()
	const updated = gateOnly + `
resource "objects_object" "updated" {
  name  = "updated"
  value = var.step
  depends_on = [ephemeral.dts_precheck_gate.gate]
}
`
	for name, test := range map[string]struct {
		hasState bool
		config   string
		stale    bool
	}{
		"nothing else was changed": {true, updated, false},
		"without a state":          {false, updated, true},
		"something was changed": {true, updated + `resource "objects_object" "other" {
  name  = "other"
  value = var.step
}`, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newChangingPrecheck(t, "passed")
			c, changes := objectsCLI(t, p.URL, test.config)
			if test.hasState {
				c.mustRun(t, "apply", "-auto-approve", "-var=step=1")
			}
			c.mustRun(t, "plan", "-out=saved", "-var=step=2")
			p.play("failed")
			if output, code := c.run(t, "apply", "saved"); code == 0 {
				t.Error(output)
			}
			changes()
			p.play("passed")
			output, code := c.run(t, "apply", "saved")
			if isStale := strings.Contains(output, "plan is stale"); isStale != test.stale || (code != 0) != test.stale || (len(changes()) == 0) != test.stale {
				t.Errorf("exit code %d:\n%s", code, output)
			}
		})
	}
}
