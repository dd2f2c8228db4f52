package provider_test

import (
	"testing"
)

// TestCutover lets a switch-over through when the migration is ready for it,
// and names what is missing when it is not.
func TestCutover(t *testing.T) {
	t.Parallel()
	server, _ := newEmulator(t)
	c := newCLI(t, "../../examples/cutover")
	for _, test := range []struct {
		name, job, asOf, more string
		through               bool
		want                  []string
	}{
		{"ready", "k2fm11x9d8t12ab", "2026-11-20T07:21:30Z", "5", true, []string{"switched over to the destination of k2fm11x9d8t12ab"}},
		{"delay", "k2fm11x9d8t12ab", "2026-11-20T07:21:30Z", "1", false, []string{"The migration is 1.24 s behind; at most 1 s are let through"}},
		{"checkpoint too old", "k2fm11x9d8t12ab", "2026-11-20T08:00:00Z", "5", false, []string{"has reached is 2026-11-20T07:21:03Z"}},
		{"not ready at all", "f3y61hq8r02zp7d", "2026-11-20T07:21:30Z", "5", false, []string{
			"Precheck of DTS job f3y61hq8r02zp7d is NOT_STARTED", "Full data migration of DTS job", "Incremental migration of DTS job", "an unknown time behind"}},
		{"stuck", "stuck", "2026-11-20T07:21:30Z", "5", false, []string{"There is no migration stuck in cn-hangzhou", "Precheck of DTS job stuck is RUNNING"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			output, code := c.run(t, "plan", "-no-color", "-var", "dts_job_id="+test.job, "-var", "as_of="+test.asOf,
				"-var", "max_delay_seconds="+test.more, "-var", "emulator="+hostOf(server.URL))
			if (code == 0) != test.through {
				t.Errorf("exit code %d", code)
			}
			for _, want := range test.want {
				if !wrapped(want).MatchString(output) {
					t.Errorf("no %q in:\n%s", want, output)
				}
			}
		})
	}
}
