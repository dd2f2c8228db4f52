package emulator

import (
	"slices"
	"time"
)

// faultKind is what the emulator knows of a kind of fault. One that has neither
// instead, deliver nor rewrite is looked up where the rows of a page are chosen.
type faultKind struct {
	settings []string
	defaults Fault
	// operations that it can happen to; none is all.
	operations []string

	// instead makes the answer, and the operation is not asked.
	instead func(*call, Fault) response
	// deliver sends the operation's answer.
	deliver func(delivery)
	// isSilent is set where no part of it arrives.
	isSilent bool
	// rewrite changes the operation's answer.
	rewrite func(answer []byte) []byte
}

// lists are the operations whose answers have pages.
var lists = []string{"DescribeDtsJobs", "DescribePreCheckStatus"}

// jobLists is the one whose rows come and go; the items of a precheck change by
// scenarios.
var jobLists = []string{"DescribeDtsJobs"}

// faultKinds are all kinds. To add one, add a line here and to FAULTS.md.
var faultKinds = map[FaultKind]faultKind{
	FaultThrottling: {
		settings: []string{"code", "message", "status"}, instead: refusalOf,
		defaults: Fault{Status: errThrottled.Status, Code: errThrottled.Code, Message: errThrottled.Message},
	},
	FaultInternalError: {
		settings: []string{"code", "message", "status"}, instead: refusalOf,
		defaults: Fault{Status: errInternal.Status, Code: errInternal.Code, Message: errInternal.Message},
	},
	FaultExpiredToken: {
		instead:  refusalOf,
		defaults: Fault{Status: errTokenExpired.Status, Code: errTokenExpired.Code, Message: errTokenExpired.Message},
	},
	FaultUnavailable: {instead: unavailable},
	FaultHTML502:     {instead: html502},
	FaultHTML200:     {instead: html200},
	FaultEmpty200:    {instead: empty200},
	FaultNull:        {instead: null200},
	// The default is the document's own example of ErrCode and DynamicMessage.
	FaultFailure: {
		settings: []string{"code", "message"}, instead: failure,
		defaults: Fault{Code: "InternalError", Message: "Type"},
	},

	FaultTruncatedBody: {deliver: truncateBody},
	FaultReset:         {deliver: resetConnection, isSilent: true},
	FaultRefused:       {deliver: closeConnection, isSilent: true},
	FaultSlowHeader:    {deliver: slowHeader, settings: []string{"delay"}, defaults: Fault{Delay: 5 * time.Second}},
	FaultSlowBody:      {deliver: slowBody, settings: []string{"delay"}, defaults: Fault{Delay: 5 * time.Second}},
	FaultHang:          {deliver: hang, isSilent: true},

	FaultDriftAdded:        {operations: jobLists, settings: []string{"count"}, defaults: Fault{Count: 1}},
	FaultDriftRemoved:      {operations: jobLists, settings: []string{"count"}, defaults: Fault{Count: 1}},
	FaultDriftMoved:        {operations: jobLists, settings: []string{"count"}, defaults: Fault{Count: 1}},
	FaultShortPage:         {operations: lists, settings: []string{"count"}, defaults: Fault{Count: 1}},
	FaultDuplicatePage:     {operations: lists},
	FaultPageCap:           {operations: lists, settings: []string{"size"}, defaults: Fault{Size: 30}},
	FaultPageSizeRejection: {operations: lists, settings: []string{"code", "size"}, defaults: Fault{Size: 30}},
	FaultWrongTotal:        {operations: lists, settings: []string{"total"}},
	FaultUnknownFields:     {rewrite: addUnknownFields},
	FaultNumbersAsStrings:  {rewrite: quoteNumbers},
}

// isExclusive reports whether a call can have only one fault of this kind or any
// other exclusive one: it has one answer, which travels one way.
func (k faultKind) isExclusive() bool { return k.instead != nil || k.deliver != nil }

func (k faultKind) isFor(operation string) bool {
	return len(k.operations) == 0 || slices.Contains(k.operations, operation)
}
