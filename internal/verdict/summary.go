package verdict

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
)

// subtaskNames are what users call the subtasks.
var subtaskNames = map[dts.JobCode]string{
	dts.JobCodePrecheck:    "Precheck",
	dts.JobCodeSchema:      "Schema migration",
	dts.JobCodeFullData:    "Full data migration",
	dts.JobCodeIncremental: "Incremental migration",
}

// maxPendingShown bounds the pending items in a text: a migration can have
// thousands.
const maxPendingShown = 10

// summarize explains a verdict that is not passed, for an error_message.
func summarize(j Judgment, p dts.Precheck, c Criteria) string {
	if j.Passed {
		return ""
	}
	failedItems := "Failed items"
	if j.Result != Failed && j.Result != Unknown {
		failedItems += ", possibly of an earlier run"
	}
	sections := []string{headline(j, p, c), findingsSection(failedItems, j.FailedItems)}
	if c.FailOnWarnings {
		sections = append(sections, findingsSection("Warnings, not allowed by fail_on_warnings", j.WarningItems))
	}
	sections = append(sections, section("Pending items", j.PendingSummary()), section("Network diagnosis", links(p.NetworkDiagnosisResult)))
	return strings.Join(sections, "")
}

// headline is the first line: which subtask, the result, how far it is; and
// the reason if there is one.
func headline(j Judgment, p dts.Precheck, c Criteria) string {
	subtask := cmp.Or(subtaskNames[c.JobCode], "Subtask "+string(c.JobCode))
	if job := cmp.Or(c.JobID, oneLine(p.JobID)); job != "" {
		subtask += " of DTS job " + job
	}
	result := string(j.Result)
	if j.Result == Passed {
		result += " with warnings"
	}
	state := cmp.Or(string(valueOf(p.State)), "missing")
	text := fmt.Sprintf("%s is %s: state %s, %d of %s done, %d failed.",
		subtask, result, state, j.Done, items(j.Total), len(j.FailedItems))
	if j.Reason != "" {
		text += fmt.Sprintf("\nThe result is %s because %s.", j.Result, j.Reason)
	}
	return text
}

// PendingSummary lists the first pending items, one a line, and how many more
// there are. It is empty if there are none.
func (v Verdict) PendingSummary() string {
	var lines []string
	for _, f := range v.PendingItems[:min(len(v.PendingItems), maxPendingShown)] {
		lines = append(lines, fmt.Sprintf("- %s: %s", f.label(), cmp.Or(oneLine(f.State), "no state")))
	}
	if more := len(v.PendingItems) - maxPendingShown; more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(lines, "\n")
}

// findingsSection lists findings, each with what happened and how to fix it.
func findingsSection(title string, findings []Finding) string {
	var lines []string
	for _, f := range findings {
		lines = append(lines, "- "+f.label())
		for _, detail := range f.details() {
			lines = append(lines, "    "+detail)
		}
	}
	return section(title, strings.Join(lines, "\n"))
}

// section is empty without a body.
func section(title, body string) string {
	if body == "" {
		return ""
	}
	return "\n\n" + title + ":\n" + body
}

// label names a finding and the objects that it is about.
func (f Finding) label() string {
	label := f.name()
	if target := oneLine(f.TargetNames); target != "" && target != label {
		label += " (" + target + ")"
	}
	return label
}

func (f Finding) details() []string {
	var details []string
	for _, part := range []struct{ title, text string }{
		{"", oneLine(f.ErrMsg)}, {"", oneLine(f.ErrDetail)}, {"Repair: ", oneLine(f.RepairMethod)},
	} {
		if part.text != "" {
			details = append(details, part.title+part.text)
		}
	}
	return details
}

// links are the help pages that the network diagnosis names.
func links(diagnosis *dts.NetworkDiagnosis) string {
	var lines []string
	for _, report := range valueOf(diagnosis).Diagnosis {
		for _, url := range []*string{report.InternationalDocURL, report.CnDocURL} {
			if text := oneLine(url); text != "" {
				lines = append(lines, fmt.Sprintf("- %s: %s", cmp.Or(string(valueOf(report.EndpointType)), "unknown"), text))
			}
		}
	}
	return strings.Join(lines, "\n")
}
