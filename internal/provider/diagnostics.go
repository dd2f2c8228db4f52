package provider

import "github.com/dts-community/terraform-provider-dts/internal/dts/rpc"

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/dts-community/terraform-provider-dts/internal/credentials"
	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

// readDiagnostic returns the diagnostic of a read that failed: the cause, what
// to quote to support, and the next step. T is the configuration of the data
// source, one of whose arguments may be at fault.
func readDiagnostic[T any](ctx context.Context, d *providerData, summary string, err error) diag.Diagnostic {
	detail := d.credentials.Redact(joinParagraphs(describe(err), nextStep(ctx, err)))
	if argument := argumentAtFault[T](err); argument != "" {
		return diag.NewAttributeErrorDiagnostic(path.Root(argument), summary, "Attribute "+argument+": "+detail)
	}
	return diag.NewErrorDiagnostic(summary, detail)
}

// argumentAtFault returns the argument whose parameter is to blame for an error,
// or "".
func argumentAtFault[T any](err error) string {
	var search *dts.FindError
	var failure *rpc.Error
	matches := func(string) bool { return false }
	switch {
	case errors.As(err, &search):
		matches = search.MentionsParameter
	case !errors.As(err, &failure):
	case errors.Is(err, dts.ErrNoSubtask), adviceOn(failure).aboutJob:
		matches = func(parameter string) bool { return parameter == "DtsJobId" }
	default:
		matches = failure.MentionsParameter
	}
	argument, _ := shape.ArgumentOf[T](matches)
	return argument
}

// describe lists what is known of an error.
func describe(err error) string {
	var wait *waitError
	var search *dts.FindError
	var missing *credentials.Error
	var failure *rpc.Error
	switch {
	case errors.As(err, &wait):
		return describeWait(wait)
	case errors.As(err, &search):
		return sentence(search.Reason()) + search.List()
	case errors.As(err, &missing):
		return "No credentials are available to sign the request: " + sentence(missing.Summary)
	case errors.As(err, &failure):
		return describeFailure(failure)
	}
	return sentence(err.Error())
}

func describeWait(e *waitError) string {
	lastFailure := ""
	if e.failure != nil {
		lastFailure = "The last failed poll: " + describe(e.failure)
	}
	return joinParagraphs(sentence(e.Error()), e.progress, lastFailure)
}

func describeFailure(e *rpc.Error) string {
	var b strings.Builder
	b.WriteString(sentence(e.Reason()) + "\n")
	details := append([]rpc.Detail{{Name: "operation", Value: e.Operation}, {Name: "region", Value: e.Region}}, e.Details()...)
	for _, detail := range details {
		fmt.Fprintf(&b, "\n  %s: %s", detail.Name, detail.Value)
	}
	return b.String()
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
	var present []string
	for _, p := range paragraphs {
		if p != "" {
			present = append(present, p)
		}
	}
	return strings.Join(present, "\n\n")
}
