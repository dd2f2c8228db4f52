package provider_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestPolicies runs the policy over plans that a gate holds, and over others.
func TestPolicies(t *testing.T) {
	t.Parallel()
	requireEphemeralResources(t)
	for name, test := range map[string]struct {
		example, config, scenario, gated string
		objections                       []string
	}{
		"ephemeral gate": {"ephemeral", "", "passed", "terraform_data", nil},
		"provider block": {"provider", "", "passed", "alicloud_alidns_record", nil},
		"check that warns": {"check", "", "failed", "none", []string{
			"data.dts_precheck_status.migration: FAILED", "check.precheck: fail"}},
		"no gate": {"precondition", "", "passed", "terraform_data", []string{"terraform_data.deployment: no gate"}},
		"replaced, deleted": {"", byDependsOn.Replace(gatedObjects), "passed", "objects_object", []string{
			"objects_object.deleted[0]: destroyed before a gate is opened", "objects_object.replaced: destroyed before a gate is opened"}},
		"replaced, deleted, provider block": {"", byProvider.Replace(gatedObjects), "passed", "objects_object", nil},
		"read while applying": {"", `
variable "step" { type = number }
resource "terraform_data" "job" { input = "job" }
data "dts_precheck_status" "later" { dts_job_id = terraform_data.job.output }
`, "passed", "none", []string{"data.dts_precheck_status.later: not read while planning"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newChangingPrecheck(t, test.scenario)
			var c *cli
			if test.example == "" {
				c, _ = objectsCLI(t, p.URL, test.config)
				c.environment = append(c.environment, "TF_VAR_step=1")
				if strings.Contains(test.config, "objects_object") {
					c.mustRun(t, "apply", "-auto-approve")
					c.environment = append(c.environment, "TF_VAR_step=2")
				}
			} else {
				c = newCLI(t, "../../examples/gate/"+test.example)
				withOtherProviders(t, c)
				c.environment = append(c.environment, "TF_VAR_dts_job_id=job", "TF_VAR_database_host=db", "TF_VAR_emulator="+hostOf(p.URL))
			}
			c.mustRun(t, "plan", "-out=saved")
			policy, err := filepath.Abs("../../examples/policies/policy.jq")
			if err != nil {
				t.Fatal(err)
			}
			jq := exec.CommandContext(t.Context(), "jq", "-r", "--argjson", "gated", `["`+test.gated+`"]`, "-f", policy)
			jq.Stdin = strings.NewReader(c.mustRun(t, "show", "-json", "saved"))
			output, err := jq.CombinedOutput()
			if jq.ProcessState == nil {
				t.Fatal(err)
			}
			want := strings.Join(append(test.objections, ""), "\n")
			if code := jq.ProcessState.ExitCode(); string(output) != want || (code == 0) != (test.objections == nil) || code > 1 {
				t.Errorf("exit code %d:\n%s\nwant:\n%s", code, output, want)
			}
		})
	}
}
