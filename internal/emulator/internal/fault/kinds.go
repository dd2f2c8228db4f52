package fault

import (
	"slices"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/paging"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// kind is one kind of fault. It acts in one way, by the one function that it has.
type kind struct {
	name       Kind
	doc        string // what happens, as a phrase of FAULTS.md
	settings   []string
	defaults   Fault
	canBeOK    bool     // the setting status can be 200
	operations []string // none is all

	// replace makes the response in place of the operation.
	replace func(*wire.Request, Fault) wire.Response
	// deliver sends the operation's response; isSilent if no part of it arrives.
	deliver  func(delivery)
	isSilent bool
	// size accepts or refuses the size of a page, list changes a list before its
	// page is cut, page the page, and rewrite the body of the response.
	size    func(*paging.List, Fault) error
	list    func(*paging.List, Fault) error
	page    func(*paging.Page, Fault) error
	rewrite func(body []byte) []byte
}

// lists are the operations whose responses have pages.
var lists = []string{"DescribeDtsJobs", "DescribePreCheckStatus"}

// kinds are all kinds of faults. To add one, add a row: its documentation in
// FAULTS.md is made from it. Where a request meets multiple of them, they act in
// this order.
var kinds = []kind{
	{
		name: "throttling", replace: refusal,
		doc:      "the gateway's error for too many requests",
		settings: []string{"code", "message", "status"}, defaults: refusalWith(wire.ErrThrottled),
	}, {
		name: "internal-error", replace: refusal,
		doc:      "the gateway's error for a failure of its own",
		settings: []string{"code", "message", "status"}, defaults: refusalWith(wire.ErrInternal),
	}, {
		name: "expired-token", replace: refusal,
		doc:      "403 InvalidSecurityToken.Expired, whatever the request was signed with",
		defaults: refusalWith(wire.ErrTokenExpired),
	}, {
		name: "unavailable", replace: unavailable,
		doc: "503 with an empty body",
	}, {
		name: "html-502", replace: html502,
		doc: "502 with a page of HTML, as from a proxy; without request ID",
	}, {
		name: "html-200", replace: html200,
		doc: "200 with a page of HTML, as from a captive portal; without request ID",
	}, {
		name: "empty-200", replace: empty200,
		doc: "200 with an empty body",
	}, {
		name: "null", replace: null200,
		doc: "200 with the body `null`",
	}, {
		name: "failure", replace: failure,
		doc:      "the service's error: `Success` is false, and `message` is the DynamicMessage",
		settings: []string{"code", "message"}, defaults: Fault{Code: "InternalError", Message: "Type"},
	},

	{
		name: "truncated-body", deliver: truncateBody,
		doc: "the connection ends after half of the announced body",
	}, {
		name: "reset", deliver: resetConnection, isSilent: true,
		doc: "the connection is reset (RST) without a response",
	}, {
		name: "refused", deliver: closeConnection, isSilent: true,
		doc: "the connection is closed without a response",
	}, {
		name: "slow-header", deliver: slowHeader,
		doc:      "nothing for a while, then the complete response",
		settings: []string{"delay"}, defaults: Fault{Delay: 5 * time.Second},
	}, {
		name: "slow-body", deliver: slowBody,
		doc:      "header and half of the body, the rest after a while",
		settings: []string{"delay"}, defaults: Fault{Delay: 5 * time.Second},
	}, {
		name: "hang", deliver: hang, isSilent: true,
		doc: "nothing until the client goes away",
	},

	{
		name: "page-size-rejection", size: rejectPageSize, operations: lists,
		doc:      "a larger page size is refused; with `code` by the gateway (HTTP 400), otherwise by the service",
		settings: []string{"code", "size"}, defaults: Fault{Size: 30},
	}, {
		name: "page-cap", size: capPage, operations: lists,
		doc:      "a page has at most this many rows, whatever size was requested",
		settings: []string{"size"}, defaults: Fault{Size: 30},
	}, {
		name: "drift-removed", list: removeRows, operations: lists,
		doc:      "the first rows of the list are gone, for this request only",
		settings: []string{"count"}, defaults: Fault{Count: 1},
	}, {
		name: "drift-moved", list: moveRows, operations: lists,
		doc:      "the first rows of the list are at its end, for this request only",
		settings: []string{"count"}, defaults: Fault{Count: 1},
	}, {
		name: "drift-added", list: addRows, operations: lists,
		doc:      "new rows precede the others, for this request only",
		settings: []string{"count"}, defaults: Fault{Count: 1},
	}, {
		name: "duplicate-page", list: repeatPage, operations: lists,
		doc: "the rows of the previous page, under the requested number; page 1 stays",
	}, {
		name: "short-page", page: shortenPage, operations: lists,
		doc:      "the last rows of the page are left out, though counted",
		settings: []string{"count"}, defaults: Fault{Count: 1},
	}, {
		name: "wrong-total", page: replaceTotal, operations: lists,
		doc:      "TotalRecordCount is this number",
		settings: []string{"total"},
	},

	{
		name: "unknown-fields", rewrite: addUnknownFields,
		doc: "every object of the response has one more member",
	}, {
		name: "numbers-as-strings", rewrite: quoteNumbers,
		doc: "every number of the response is a string",
	},
}

// rankOf returns the place of a kind in the table, -1 for an unknown one.
func rankOf(name Kind) int {
	return slices.IndexFunc(kinds, func(k kind) bool { return k.name == name })
}

func kindNames() []string {
	var names []string
	for _, k := range kinds {
		names = append(names, string(k.name))
	}
	slices.Sort(names)
	return names
}

// isExclusive reports whether a request can meet only one fault of this kind or
// any other exclusive one: it has one response, which is sent in one way.
func (k kind) isExclusive() bool { return k.replace != nil || k.deliver != nil }

func (k kind) isFor(operation string) bool {
	return len(k.operations) == 0 || slices.Contains(k.operations, operation)
}
