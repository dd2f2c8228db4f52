package fault

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// kind is one kind of fault. It acts in one way, by the one function that it has.
type kind struct {
	name     string
	doc      string   // the effect, as a phrase of FAULTS.md
	defaults Fault    // the settings that it has, with their defaults
	optional []string // settings that it has without a default
	canBeOK  bool     // the setting status can be 200

	// replace makes the response in place of the operation.
	replace func(*wire.Request, Fault) wire.Response
	// deliver sends the operation's response; isSilent if no part of it arrives.
	deliver  func(delivery)
	isSilent bool
	// list changes a list before its page is cut, or refuses the page.
	list func(*List, Fault)
	// rewrite changes the body of the response.
	rewrite func(body []byte) []byte
}

// lists are the operations whose responses have pages.
var lists = []string{"DescribeDtsJobs", "DescribePreCheckStatus"}

// The sizes that a server that caps pages can compute offsets from.
const (
	byCapped    = "capped"
	byRequested = "requested"
)

// Both patterns match strings too, to leave them unchanged.
var (
	stringOrNumber = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*`)
	stringOrObject = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|\{\s*\}?`)
)

// kinds are all kinds of faults. To add one, add a row: FAULTS.md is generated from
// the table. Where a request meets multiple faults, they act in this order.
var kinds = []kind{
	{
		name:     "throttling",
		doc:      "the gateway's error for too many requests; `delay` is what `x-acs-retry-after` requests",
		defaults: Fault{Code: wire.ErrThrottled.Code, Message: wire.ErrThrottled.Message, Status: wire.ErrThrottled.Status, Delay: 100 * time.Millisecond},
		replace:  refuse,
	}, {
		name:     "error",
		doc:      "an error of the gateway, by default for an internal failure",
		defaults: Fault{Code: wire.ErrInternal.Code, Message: wire.ErrInternal.Message, Status: wire.ErrInternal.Status},
		replace:  refuse,
	}, {
		name:     "failure",
		doc:      "an error of the service: `Success` is false, and `message` is the DynamicMessage",
		defaults: Fault{Code: "InternalError", Message: "Type", Status: http.StatusOK}, // the document's own example
		canBeOK:  true,
		replace: func(r *wire.Request, f Fault) wire.Response {
			return r.Refuse(wire.Error{Status: f.Status, ByService: true, Code: f.Code, Message: wire.InvalidValue, DynamicMessage: f.Message})
		},
	}, {
		name:     "response",
		doc:      "a response that is not the gateway's, as from a proxy or a captive portal: `status` and `body`, without request ID. A body that begins with `<` is HTML",
		defaults: Fault{Status: http.StatusServiceUnavailable}, optional: []string{"body"}, canBeOK: true,
		replace: func(_ *wire.Request, f Fault) wire.Response {
			response := wire.Response{Status: f.Status, IsForeign: true, Body: []byte(f.Body)}
			if strings.HasPrefix(f.Body, "<") {
				response.ContentType = "text/html"
			}
			return response
		},
	},

	{
		name: "truncated-body", deliver: truncateBody,
		doc: "the connection ends after half of the announced body",
	}, {
		name: "reset", deliver: resetConnection, isSilent: true,
		doc: "the connection is reset (RST) without a response",
	}, {
		name: "refused", isSilent: true,
		doc:     "the connection is closed without a response",
		deliver: func(delivery) { panic(http.ErrAbortHandler) }, // the way to make net/http close a connection
	}, {
		name: "slow-header", deliver: slowHeader, defaults: Fault{Delay: 5 * time.Second},
		doc: "nothing for a while, then the complete response",
	}, {
		name: "slow-body", deliver: slowBody, defaults: Fault{Delay: 5 * time.Second},
		doc: "header and half of the body, the rest after a while",
	}, {
		name: "hang", isSilent: true,
		doc:     "nothing until the client goes away",
		deliver: func(d delivery) { <-d.r.HTTP.Context().Done() },
	},

	{
		name: "page-size-rejection", defaults: Fault{Size: 30}, optional: []string{"code"},
		doc: "a larger page size is refused; with `code` by the gateway (HTTP 400), otherwise by the service",
		list: func(l *List, f Fault) { // no refusal is on record, so both forms are offered
			switch {
			case l.Size > f.Size && f.Code != "":
				l.Refusal = wire.Error{Status: http.StatusBadRequest, Code: f.Code, Message: "The specified parameter PageSize is not valid."}
			case l.Size > f.Size:
				l.Refusal = wire.ErrInvalidParameter("PageSize")
			}
		},
	}, {
		name: "page-cap", defaults: Fault{Size: 30, Offsets: byCapped},
		doc: "a page has at most `size` rows, whatever size was requested; `offsets` are computed from the " +
			byCapped + " size or from the " + byRequested + " size",
		list: func(l *List, f Fault) {
			l.Size = min(l.Size, f.Size)
			if f.Offsets == byCapped {
				l.Offset = (l.Number - 1) * l.Size
			}
		},
	}, {
		name: "drift-removed", defaults: Fault{Count: 1},
		doc: "the first rows of the list are gone, for this request only",
		list: func(l *List, f Fault) {
			n := min(f.Count, len(l.Rows))
			l.Rows, l.Total = l.Rows[n:], l.Total-n
		},
	}, {
		name: "drift-moved", defaults: Fault{Count: 1},
		doc: "the first rows of the list are at its end, for this request only",
		list: func(l *List, f Fault) {
			n := min(f.Count, len(l.Rows))
			l.Rows = slices.Concat(l.Rows[n:], l.Rows[:n])
		},
	}, {
		name: "drift-added", list: addRows, defaults: Fault{Count: 1},
		doc: "new rows precede the others, for this request only",
	}, {
		name: "duplicate-page",
		doc:  "the rows of the previous page, under the requested number; page 1 stays",
		list: func(l *List, _ Fault) { l.Offset = max(0, l.Offset-l.Size) },
	}, {
		name: "short-page", defaults: Fault{Count: 1},
		doc:  "the last rows of the page are left out, though counted",
		list: func(l *List, f Fault) { l.Missing = f.Count },
	}, {
		name: "wrong-total", optional: []string{"total"},
		doc:  "TotalRecordCount is this number",
		list: func(l *List, f Fault) { l.Total = f.Total },
	},

	{
		name: "unknown-fields",
		doc:  "every object of the response has one more member, as the service may add one day",
		rewrite: func(body []byte) []byte {
			const member = `"AddedByTheService" : { "Since" : 2027, "Values" : [ 1, "a", true, null, {} ] }`
			return stringOrObject.ReplaceAllFunc(body, func(found []byte) []byte {
				switch {
				case found[0] == '"':
					return found
				case found[len(found)-1] == '}':
					return []byte("{ " + member + " }")
				}
				return []byte("{ " + member + ", ")
			})
		},
	}, {
		name: "numbers-as-strings",
		doc:  "every number of the response is a string",
		rewrite: func(body []byte) []byte {
			return stringOrNumber.ReplaceAllFunc(body, func(found []byte) []byte {
				if found[0] == '"' {
					return found
				}
				return wire.Quote(string(found))
			})
		},
	},
}

// refuse responds with the gateway's error. A fault without delay has no time to retry.
func refuse(r *wire.Request, f Fault) wire.Response {
	return r.Refuse(wire.Error{Status: f.Status, Code: f.Code, Message: f.Message, RetryAfter: f.Delay})
}

// addRows puts copies of the first row in front of it, with other IDs: other jobs
// or other precheck items.
func addRows(l *List, f Fault) {
	if len(l.Rows) == 0 {
		return
	}
	first, _ := wire.ParseObject(l.Rows[0]) // reading the fixtures did the same
	var added []json.RawMessage
	for n := range f.Count {
		row := first
		for name, format := range map[string]string{"DtsJobId": "drift%010d", "DtsInstanceID": "dtsdrift%07d", "Id": "drift%010d"} {
			if first.Get(name) != nil {
				row = row.With(wire.Text(name, fmt.Sprintf(format, n+1)))
			}
		}
		added = append(added, row.Bytes())
	}
	l.Rows, l.Total = slices.Concat(added, l.Rows), l.Total+f.Count
}

// rankOf returns the place of a kind in the table, -1 for an unknown one.
func rankOf(name string) int {
	return slices.IndexFunc(kinds, func(k kind) bool { return k.name == name })
}

// settingNames returns the names of the settings that a kind has.
func (k kind) settingNames() []string {
	names := slices.Clone(k.optional)
	for name, value := range k.defaults.settings() {
		if !value.IsZero() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// isExclusive reports whether a request can meet only one fault of this kind or
// any other exclusive one: it has one response, which is sent in one way.
func (k kind) isExclusive() bool { return k.replace != nil || k.deliver != nil }

func (k kind) isFor(operation string) bool {
	return k.list == nil || slices.Contains(lists, operation)
}

// Document writes the table of kinds as Markdown, one table for each way in
// which kinds act.
func Document() string {
	var b strings.Builder
	for i, section := range []struct {
		title string
		has   func(kind) bool
	}{
		{"In place of the operation's response", func(k kind) bool { return k.replace != nil }},
		{"The response is delivered badly", func(k kind) bool { return k.deliver != nil }},
		{"The page or its count is wrong", func(k kind) bool { return k.list != nil }},
		{"Every field is affected", func(k kind) bool { return k.rewrite != nil }},
	} {
		b.WriteString(strings.Repeat("\n", min(i, 1)))
		fmt.Fprintf(&b, "### %s\n\n| kind | what happens | settings |\n|---|---|---|\n", section.title)
		for _, k := range kinds {
			if !section.has(k) {
				continue
			}
			var settings []string
			for name, value := range k.defaults.settings() {
				switch {
				case slices.Contains(k.optional, name), name == "message" && !value.IsZero():
					settings = append(settings, "`"+name+"`")
				case !value.IsZero():
					settings = append(settings, fmt.Sprintf("`%s` (%v)", name, value))
				}
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", k.name, k.doc, strings.Join(settings, ", "))
		}
	}
	return b.String()
}
