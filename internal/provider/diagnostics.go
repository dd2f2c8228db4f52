package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/dts-community/terraform-provider-dts/internal/credentials"
	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
	"github.com/dts-community/terraform-provider-dts/internal/printable"
	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

// readDiagnostic returns the diagnostic of a read that failed: the cause, what
// to quote to support, and the next step. T is the configuration of the data
// source, one of whose arguments may be at fault.
func readDiagnostic[T any](ctx context.Context, d *providerData, summary string, err error) diag.Diagnostic {
	detail := d.printable(joinParagraphs(describe(err), nextStep(ctx, err)))
	if argument := argumentAtFault[T](err); argument != "" {
		return diag.NewAttributeErrorDiagnostic(path.Root(argument), summary, "Attribute "+argument+": "+detail)
	}
	return diag.NewErrorDiagnostic(summary, detail)
}

// argumentAtFault returns the argument whose parameter is to blame for an error,
// or "".
func argumentAtFault[C any](err error) string {
	matches := func(string) bool { return false }
	isJobID := func(parameter string) bool { return parameter == "DtsJobId" }
	search, failure := asError[*dts.FindError](err), asError[*rpc.Error](err)
	switch {
	case search != nil:
		matches = search.MentionsParameter
	case failure == nil:
	case errors.Is(err, dts.ErrNoSubtask), adviceOn(failure).aboutJob:
		matches = isJobID
	default:
		matches = failure.MentionsParameter
	}
	argument, _ := shape.ArgumentOf[C](matches)
	return argument
}

// Lengths of texts that a response can make long, in bytes.
const (
	maxValue  = 200
	maxDetail = 32 << 10
)

// printable returns a text for a terminal: without secrets and control
// characters.
func (d *providerData) printable(text string) string {
	return printable.Text(d.redact(text), maxDetail)
}

// describe returns the cause of an error, and the facts to quote to support.
func describe(err error) string {
	if closed := asError[*closedError](err); closed != nil {
		return closed.reason
	}
	if wait := asError[*waitError](err); wait != nil {
		lastFailure := ""
		if wait.failure != nil {
			lastFailure = "The last failed poll: " + describe(wait.failure)
		}
		return joinParagraphs(sentence(wait.Error()), wait.progress, lastFailure)
	}
	if search := asError[*dts.FindError](err); search != nil {
		return sentence(search.Reason()) + search.List()
	}
	if missing := asError[*credentials.Error](err); missing != nil {
		return "No credentials are available to sign the request: " + sentence(missing.Summary)
	}
	failure := asError[*rpc.Error](err)
	if failure == nil {
		return sentence(err.Error())
	}
	var b strings.Builder
	b.WriteString(sentence(failure.Reason()) + "\n")
	details := append([]rpc.Detail{{Name: "operation", Value: failure.Operation}, {Name: "region", Value: failure.Region}}, failure.Details()...)
	for _, detail := range details {
		fmt.Fprintf(&b, "\n  %s: %s", detail.Name, printable.Line(detail.Value, maxValue))
	}
	return b.String()
}

// asError returns the first error of a type in the tree of err, or nil.
func asError[E error](err error) E {
	found, _ := errors.AsType[E](err)
	return found
}

// sentence ends a text with a period.
func sentence(text string) string {
	text = strings.TrimSpace(text)
	if text == "" || strings.HasSuffix(text, ".") {
		return text
	}
	return text + "."
}

func joinParagraphs(paragraphs ...string) string {
	return strings.Join(slices.DeleteFunc(paragraphs, func(p string) bool { return p == "" }), "\n\n")
}
