package emulator

import (
	"fmt"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/fault"
)

// Fault is something that goes wrong with some requests: those that the gateway
// accepts. One that is refused for its signature or by the rate limit meets no
// fault. FAULTS.md documents all kinds and their settings.
type Fault = fault.Fault

// FaultKind names what goes wrong.
type FaultKind = fault.Kind

// The kinds of faults. FAULTS.md documents what each does.
const (
	FaultThrottling           FaultKind = "throttling"
	FaultRejectedThrottling   FaultKind = "rejected-throttling"
	FaultInternalError        FaultKind = "internal-error"
	FaultExpiredToken         FaultKind = "expired-token"
	FaultUnavailable          FaultKind = "unavailable"
	FaultHTML502              FaultKind = "html-502"
	FaultHTML200              FaultKind = "html-200"
	FaultEmpty200             FaultKind = "empty-200"
	FaultNull                 FaultKind = "null"
	FaultFailure              FaultKind = "failure"
	FaultFailure500           FaultKind = "failure-500"
	FaultNoPermission         FaultKind = "no-permission"
	FaultNotActivated         FaultKind = "not-activated"
	FaultRefusedID            FaultKind = "refused-id"
	FaultTruncatedBody        FaultKind = "truncated-body"
	FaultReset                FaultKind = "reset"
	FaultRefused              FaultKind = "refused"
	FaultSlowHeader           FaultKind = "slow-header"
	FaultSlowBody             FaultKind = "slow-body"
	FaultHang                 FaultKind = "hang"
	FaultPageSizeRejection    FaultKind = "page-size-rejection"
	FaultPageSizeRejection400 FaultKind = "page-size-rejection-400"
	FaultDocumentedPageSizes  FaultKind = "documented-page-sizes"
	FaultPageCap              FaultKind = "page-cap"
	FaultDriftRemoved         FaultKind = "drift-removed"
	FaultDriftMoved           FaultKind = "drift-moved"
	FaultDriftAdded           FaultKind = "drift-added"
	FaultHiddenRows           FaultKind = "hidden-rows"
	FaultItemInTwoStates      FaultKind = "item-in-two-states"
	FaultDuplicatePage        FaultKind = "duplicate-page"
	FaultPageNumberIgnored    FaultKind = "page-number-ignored"
	FaultEmptyPage            FaultKind = "empty-page"
	FaultShortPage            FaultKind = "short-page"
	FaultWrongTotal           FaultKind = "wrong-total"
	FaultMissingTotal         FaultKind = "missing-total"
	FaultPageTotal            FaultKind = "page-total"
	FaultPastEndError         FaultKind = "past-end-error"
	FaultPastEndBare          FaultKind = "past-end-bare"
	FaultUnknownFields        FaultKind = "unknown-fields"
	FaultNumbersAsStrings     FaultKind = "numbers-as-strings"
)

// FaultKinds describes all kinds of faults and their settings, as Markdown.
func FaultKinds() string { return fault.Document() }

// ParseFaults reads a JSON list of faults, or one fault, and checks it.
func ParseFaults(data []byte) ([]Fault, error) {
	faults, err := fault.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("faults: %w", err)
	}
	return faults, fault.Check(faults, operationNames())
}
