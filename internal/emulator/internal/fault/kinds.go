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

	// applies reports whether the fault is about a request; nil is always.
	applies func(*wire.Request, Fault) bool

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
		name: "rejected-throttling", replace: refusal,
		doc:      "the same with a code that other clients of the service know",
		defaults: Fault{Status: wire.ErrThrottled.Status, Code: "Rejected.Throttling", Message: wire.ErrThrottled.Message},
	}, {
		name: "internal-error", replace: refusal,
		doc:      "the gateway's error for an internal failure",
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
		settings: []string{"code", "message"}, defaults: Fault{Status: 200, Code: "InternalError", Message: "Type"},
	}, {
		name: "failure-500", replace: failure,
		doc:      "the service's error with HTTP status 500: InternalError as ErrCode",
		defaults: Fault{Status: 500, Code: "InternalError", Message: "Type"},
	}, {
		name: "no-permission", replace: refusal,
		doc:      "the error for a RAM user without permission",
		settings: []string{"code"}, defaults: Fault{Status: 403, Code: "RamPermissionDenied", Message: "The RAM user has no permission for this operation."},
	}, {
		name: "not-activated", replace: refusal,
		doc:      "the error for an account that never opened the DTS console",
		settings: []string{"code"}, defaults: Fault{Status: 403, Code: "DTS.Msg.Forbidden.AliyunUIDNotFound", Message: "The Alibaba Cloud account does not exist in DTS."},
	}, {
		name: "refused-id", replace: refuseID, applies: namesRefusedID, operations: lists, canBeOK: true,
		doc: "a request with one of the comma-separated `ids` of jobs or instances (with any, if not set) is refused: " +
			"with `status` 200 by the service, otherwise by the gateway; `code` can be InvalidJobId too, and either can begin with `DTS.Msg.`",
		settings: []string{"code", "ids", "status"}, defaults: refusalWith(wire.ErrInstanceNotFound),
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
		name: "page-size-rejection-400", size: rejectPageSizeDynamically, operations: lists,
		doc:      "a larger page size is refused with HTTP 400, `%s` in Message and PageSize in DynamicMessage",
		settings: []string{"size"}, defaults: Fault{Size: 30},
	}, {
		name: "documented-page-sizes", size: requireDocumentedSize, operations: lists,
		doc: "a page size other than 10, 20 and 30 is refused by the service",
	}, {
		name: "page-cap", size: capPage, operations: lists,
		doc: "a page has at most `size` rows, whatever size was requested; `offsets` are computed from the " +
			byCapped + " size or from the " + byRequested + " size",
		settings: []string{"offsets", "size"}, defaults: Fault{Size: 30, Offsets: byCapped},
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
		name: "hidden-rows", list: hideRows, operations: lists,
		doc:      "the first rows of the list are left out, though counted, as when permissions hide them",
		settings: []string{"count"}, defaults: Fault{Count: 1},
	}, {
		name: "item-in-two-states", list: repeatItem, operations: []string{"DescribePreCheckStatus"},
		doc:      "a page after the first begins with the last item of the previous page, in another state",
		settings: []string{"state"}, defaults: Fault{State: "Failed"},
	}, {
		name: "duplicate-page", list: repeatPage, operations: lists,
		doc: "the rows of the previous page, under the requested number; page 1 stays",
	}, {
		name: "page-number-ignored", list: returnFirstPage, operations: lists,
		doc: "the rows of page 1, under the requested number",
	}, {
		name: "empty-page", page: emptyPage, operations: lists,
		doc: "no rows, though counted",
	}, {
		name: "short-page", page: shortenPage, operations: lists,
		doc:      "the last rows of the page are left out, though counted",
		settings: []string{"count"}, defaults: Fault{Count: 1},
	}, {
		name: "wrong-total", page: replaceTotal, operations: lists,
		doc:      "TotalRecordCount is this number",
		settings: []string{"total"},
	}, {
		name: "missing-total", page: removeTotal, operations: lists,
		doc: "TotalRecordCount is left out",
	}, {
		name: "page-total", page: countPage, operations: lists,
		doc: "TotalRecordCount is the number of rows on the page",
	}, {
		name: "past-end-error", page: refusePastEnd, operations: lists,
		doc: "the service refuses the number of a page past the end",
	}, {
		name: "past-end-bare", page: barePastEnd, operations: lists,
		doc: "a page past the end has neither State nor items, neither jobs nor a count",
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
