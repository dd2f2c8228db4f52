package provider

import (
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

// summarize says in one text why a verdict is not passed, and what to do; it
// is empty when it is. The text is made to be an error_message.
func summarize(v verdict, p dts.Precheck, jobID string, q question) string {
	if v.passed {
		return ""
	}
	var b strings.Builder
	b.WriteString(headline(v, p, jobID, q))
	writeFindings(&b, "Failed", v.failed)
	if q.failOnWarnings {
		writeFindings(&b, "Warnings, which fail_on_warnings does not let pass", v.warnings)
	}
	writeLinks(&b, p.NetworkDiagnosisResult)
	return b.String()
}

// headline is the first line: which subtask, the verdict, how far it is.
func headline(v verdict, p dts.Precheck, jobID string, q question) string {
	name := subtaskNames[q.jobCode]
	if name == "" {
		name = "Subtask " + string(q.jobCode)
	}
	state := string(orEmpty(p.State))
	if state == "" {
		state = "missing"
	}
	said := fmt.Sprintf("%s of DTS job %s is %s", name, jobID, v.result)
	if v.reason != "" {
		said += ", since " + v.reason
	} else if v.result == resultPassed {
		said += ", with warnings"
	}
	return fmt.Sprintf("%s: state %s, %d of %d items done, %d failed.", said, state, v.done, v.total, len(v.failed))
}

// writeFindings writes findings, each with what happened and how to repair it.
func writeFindings(b *strings.Builder, title string, findings []finding) {
	if len(findings) == 0 {
		return
	}
	fmt.Fprintf(b, "\n\n%s:", title)
	for _, f := range findings {
		fmt.Fprintf(b, "\n- %s", f.title())
		if target := line(f.TargetNames); target != "" && target != f.title() {
			fmt.Fprintf(b, " (%s)", target)
		}
		for _, part := range []struct{ name, text string }{
			{"", line(f.ErrMsg)}, {"", line(f.ErrDetail)}, {"repair: ", line(f.RepairMethod)},
		} {
			if part.text != "" {
				fmt.Fprintf(b, "\n    %s%s", part.name, part.text)
			}
		}
	}
}

// writeLinks writes where the network diagnosis sends a reader.
func writeLinks(b *strings.Builder, diagnosis *dts.NetworkDiagnosis) {
	if diagnosis == nil {
		return
	}
	var lines []string
	for _, report := range diagnosis.Diagnosis {
		for _, url := range []*string{report.InternationalDocURL, report.CnDocURL} {
			if text := line(url); text != "" {
				lines = append(lines, fmt.Sprintf("\n- %s: %s", orEmpty(report.EndpointType), text))
			}
		}
	}
	if len(lines) > 0 {
		b.WriteString("\n\nNetwork diagnosis:" + strings.Join(lines, ""))
	}
}

// line puts a text on one line.
func line(text *string) string { return strings.Join(strings.Fields(orEmpty(text)), " ") }
