package verdict

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

// subtaskNames are the names of the subtasks for users.
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
func (v Verdict) summarize(p api.Precheck, c Criteria) string {
	if v.Passed {
		return ""
	}
	failedItems := "Failed items"
	if v.Result != Failed && v.Result != Unknown {
		failedItems += ", possibly of an earlier run"
	}
	paragraphs := []string{v.headline(p, c), section(failedItems, findingLines(v.FailedItems))}
	if c.FailOnWarnings {
		paragraphs = append(paragraphs, section("Warnings, not allowed by fail_on_warnings", findingLines(v.WarningItems)))
	}
	paragraphs = append(paragraphs,
		section("Pending items", v.PendingSummary()),
		section("Network diagnosis", links(p.NetworkDiagnosisResult)),
		v.nextStep(c.JobCode))
	return strings.Join(slices.DeleteFunc(paragraphs, isEmpty), "\n\n")
}

// headline is the first line: the subtask, the result and the progress. The
// reason follows if there is one.
func (v Verdict) headline(p api.Precheck, c Criteria) string {
	subtask := cmp.Or(subtaskNames[c.JobCode], "Subtask "+line(&c.JobCode))
	if job := cmp.Or(line(&c.JobID), line(p.JobID)); job != "" {
		subtask += " of DTS job " + job
	}
	result := string(v.Result)
	if v.Result == Passed {
		result += " with warnings"
	}
	text := fmt.Sprintf("%s is %s: state %s, %d of %s done, %d failed.",
		subtask, result, cmp.Or(line(p.State), "missing"), v.done, items(v.total), len(v.FailedItems))
	if v.reason != "" {
		text += fmt.Sprintf("\nThe result is %s because %s.", v.Result, v.reason)
	}
	return text
}

func isEmpty(text string) bool { return text == "" }

// section is empty without a body.
func section(title, body string) string {
	if body == "" {
		return ""
	}
	return title + ":\n" + body
}

// findingLines lists findings, each with its messages and how to fix it. Advice
// that many items share is given once.
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
		lines = append(lines, fmt.Sprintf("- %s [%s]", f.label(), cmp.Or(line(f.State), "no state")))
	}
	if more := len(v.PendingItems) - maxPendingShown; more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(lines, "\n")
}

// label names a finding: the key, the objects that it is about, its title.
func (f Finding) label() string {
	label := f.name()
	if target := line(f.TargetNames); target != "" && target != label {
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

// messages are the texts that the API sent.
func (f Finding) messages() []string {
	messages := []string{line(f.ErrMsg), line(f.ErrDetail)}
	if repair := line(f.RepairMethod); repair != "" {
		messages = append(messages, "Repair: "+repair)
	}
	return slices.DeleteFunc(messages, isEmpty)
}

// advice is the explanation that the API did not send, or only as a key.
func (f Finding) advice() []string {
	e := f.explanation
	switch {
	case e == nil && len(f.messages()) == 0:
		return []string{"The API gives no details. " + seeConsole}
	case e == nil:
		return nil
	}
	var advice []string
	if isKey(line(f.ErrMsg)) && isKey(line(f.ErrDetail)) {
		advice = append(advice, "Meaning: "+e.meaning())
	}
	if isKey(line(f.RepairMethod)) {
		advice = append(advice, "How to fix: "+e.Fix)
	}
	return append(advice, "Help: "+e.HelpURL)
}

// links are the help pages that the network diagnosis names.
func links(diagnosis *api.NetworkDiagnosis) string {
	var lines []string
	for _, report := range api.Value(diagnosis).Diagnosis {
		for _, url := range []*string{report.InternationalDocURL, report.CnDocURL} {
			if text := line(url); text != "" {
				lines = append(lines, fmt.Sprintf("- %s: %s", cmp.Or(line(report.EndpointType), "unknown"), text))
			}
		}
	}
	return strings.Join(lines, "\n")
}

const seeConsole = "See the job in the DTS console."

func (v Verdict) nextStep(code api.JobCode) string {
	switch {
	case v.Result == NotStarted:
		return "Start it in the DTS console or with the DTS API."
	case v.Result == Suspended:
		return "Resume it in the DTS console or with the DTS API."
	case v.Result == Unknown, v.Result == Failed && len(v.FailedItems) == 0:
		return seeConsole
	case v.Result == Failed && code == api.JobCodePrecheck:
		return "Fix the failed items and run the precheck again."
	}
	return ""
}
