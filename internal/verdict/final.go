package verdict

import "github.com/dts-community/terraform-provider-dts/internal/dts/api"

// IsFinal reports whether a subtask has ended, by its top-level state.
func IsFinal(p api.Precheck, code api.JobCode) bool {
	phase := phaseOf(p.State, code)
	return phase == phaseFailed || phase == phaseFinished
}
