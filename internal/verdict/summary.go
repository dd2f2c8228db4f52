package verdict

import "github.com/dts-community/terraform-provider-dts/internal/dts/api"

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
)

// subtaskNames are what users call the subtasks.
var subtaskNames = map[api.JobCode]string{
	api.JobCodePrecheck:    "Precheck",
	api.JobCodeSchema:      "Schema migration",
	api.JobCodeFullData:    "Full data migration",
	api.JobCodeIncremental: "Incremental migration",
}

// maxPendingShown bounds the pending items in a text: a migration can have
// thousands.
const maxPendingShown = 10

// summarize explains a verdict that is not passed, for an error_message.
func summarize(j Judgment, p api.Precheck, c Criteria) string {
	if j.Passed {
		return ""
	}
	failedItems := "Failed items"
	if j.Result != Failed && j.Result != Unknown {
		failedItems += ", possibly of an earlier run"
	}
	paragraphs := []string{headline(j, p, c), section(failedItems, findingLines(j.FailedItems))}
	if c.FailOnWarnings {
		paragraphs = append(paragraphs, section("Warnings, not allowed by fail_on_warnings", findingLines(j.WarningItems)))
	}
	paragraphs = append(paragraphs,
		section("Pending items", j.PendingSummary()),
		section("Network diagnosis", links(p.NetworkDiagnosisResult)),
		nextStep(j, c.JobCode))
	return strings.Join(slices.DeleteFunc(paragraphs, func(p string) bool { return p == "" }), "\n\n")
}

// headline is the first line: which subtask, the result, how far it is; and
// the reason if there is one.
func headline(j Judgment, p api.Precheck, c Criteria) string {
	subtask := cmp.Or(subtaskNames[c.JobCode], "Subtask "+string(c.JobCode))
	if job := cmp.Or(c.JobID, oneLine(p.JobID)); job != "" {
		subtask += " of DTS job " + job
	}
	result := string(j.Result)
	if j.Result == Passed {
		result += " with warnings"
	}
	text := fmt.Sprintf("%s is %s: state %s, %d of %s done, %d failed.",
		subtask, result, cmp.Or(string(valueOf(p.State)), "missing"), j.Done, items(j.Total), len(j.FailedItems))
	if j.Reason != "" {
		text += fmt.Sprintf("\nThe result is %s because %s.", j.Result, j.Reason)
	}
	return text
}

// section is empty without a body.
func section(title, body string) string {
	if body == "" {
		return ""
	}
	return title + ":\n" + body
}

// findingLines lists findings, each with what happened and how to fix it.
// Advice that many items share is given once.
func findingLines(findings []Finding) string {
	var lines []string
	given := map[string]bool{}
	for _, f := range findings {
		lines = append(lines, "- "+f.label())
		for _, message := range f.messages() {
			lines = append(lines, "    "+message)
		}
		for _, advice := range f.advice() {
			if !given[advice] {
				lines = append(lines, "    "+advice)
			}
			given[advice] = true
		}
	}
	return strings.Join(lines, "\n")
}

// PendingSummary lists the first pending items, one a line, and how many more
// there are. It is empty if there are none.
func (v Verdict) PendingSummary() string {
	var lines []string
	for _, f := range v.PendingItems[:min(len(v.PendingItems), maxPendingShown)] {
		lines = append(lines, fmt.Sprintf("- %s [%s]", f.label(), cmp.Or(oneLine(f.State), "no state")))
	}
	if more := len(v.PendingItems) - maxPendingShown; more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(lines, "\n")
}

// label names a finding: the key, the objects that it is about, its title.
func (f Finding) label() string {
	label := f.name()
	if target := oneLine(f.TargetNames); target != "" && target != label {
		label += " (" + target + ")"
	}
	if source := sourceNames[f.Source]; source != "" {
		label += ", " + source
	}
	if f.Title != nil {
		label += ": " + *f.Title
	}
	return label
}

// messages are what the API sent.
func (f Finding) messages() []string {
	var messages []string
	for _, part := range []struct{ title, text string }{
		{"", oneLine(f.ErrMsg)}, {"", oneLine(f.ErrDetail)}, {"Repair: ", oneLine(f.RepairMethod)},
	} {
		if part.text != "" {
			messages = append(messages, part.title+part.text)
		}
	}
	return messages
}

// advice is what the API did not send, or only as a key.
func (f Finding) advice() []string {
	e, ok := explanationOf(f)
	if !ok && len(f.messages()) == 0 {
		return []string{"The API gives no details. " + seeConsole}
	}
	if !ok {
		return nil
	}
	var advice []string
	if isKey(oneLine(f.ErrMsg)) && isKey(oneLine(f.ErrDetail)) {
		advice = append(advice, "Meaning: "+e.meaning())
	}
	if isKey(oneLine(f.RepairMethod)) {
		advice = append(advice, "How to fix: "+e.Fix)
	}
	return append(advice, "Help: "+e.HelpURL)
}

// links are the help pages that the network diagnosis names.
func links(diagnosis *api.NetworkDiagnosis) string {
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

const seeConsole = "See the job in the DTS console."

// nextStep is what to do.
func nextStep(j Judgment, code api.JobCode) string {
	switch {
	case j.Result == NotStarted:
		return "Start it in the DTS console or with the DTS API."
	case j.Result == Suspended:
		return "Resume it in the DTS console or with the DTS API."
	case j.Result == Unknown, j.Result == Failed && len(j.FailedItems) == 0:
		return seeConsole
	case j.Result == Failed && code == api.JobCodePrecheck:
		return "Fix the failed items and run the precheck again."
	}
	return ""
}
