package fault

import (
	"encoding/json"
	"net"
	"net/http"
	"slices"
	"strconv"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// Active are the faults that one request meets, in the order of the table of
// kinds.
type Active []planned

// Kinds returns the names of the kinds, none as nil.
func (a Active) Kinds() []string {
	var names []string
	for _, f := range a {
		names = append(names, f.Kind)
	}
	return names
}

// Replace returns the response that takes the place of the operation's, if there
// is one.
func (a Active) Replace(r *wire.Request) (response wire.Response, isReplaced bool) {
	for _, f := range a {
		if f.kind.replace != nil {
			return f.kind.replace(r, f.Fault), true
		}
	}
	return wire.Response{}, false
}

// List is a list of which one page was requested. Faults change it before the
// page is cut.
type List struct {
	Number, Size int // of the page
	Offset       int // of the page's first row

	Rows    []json.RawMessage // every row that matches
	Total   int               // TotalRecordCount
	Missing int               // rows that are left out at the end of the page
	Refusal error             // in place of the page
}

// Page gives the list its rows, with a count that may be another, and cuts the
// page that the request gets. A page past the end has no rows.
func (a Active) Page(list *List, rows []json.RawMessage, total int) ([]json.RawMessage, error) {
	list.Rows, list.Total = rows, total
	for _, f := range a {
		if f.kind.list != nil {
			f.kind.list(list, f.Fault)
		}
	}
	start := min(list.Offset, len(list.Rows))
	end := min(start+list.Size, len(list.Rows))
	return list.Rows[start:max(start, end-list.Missing)], list.Refusal
}

// Rewrite returns the body that the request gets.
func (a Active) Rewrite(body []byte) []byte {
	for _, f := range a {
		if f.kind.rewrite != nil {
			body = f.kind.rewrite(body)
		}
	}
	return body
}

// DropsResponse reports whether no part of the response will arrive.
func (a Active) DropsResponse() bool {
	return slices.ContainsFunc(a, func(f planned) bool { return f.kind.isSilent })
}

// Deliver sends a response.
func (a Active) Deliver(w http.ResponseWriter, r *wire.Request, response wire.Response) {
	for _, f := range a {
		if f.kind.deliver != nil {
			f.kind.deliver(delivery{response, w, r, f.Fault})
			return
		}
	}
	response.Write(w, r.ID)
}

// delivery is a response on its way.
type delivery struct {
	wire.Response
	w     http.ResponseWriter
	r     *wire.Request
	fault Fault
}

func truncateBody(d delivery) {
	d.w.Header().Set("Content-Length", strconv.Itoa(len(d.Body)))
	d.sendHalf()
	panic(http.ErrAbortHandler)
}

// resetConnection drops the connection instead of ending it.
func resetConnection(d delivery) {
	connection, _, err := http.NewResponseController(d.w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // no TCP connection to close, as in HTTP/2
	}
	if tls, ok := connection.(interface{ NetConn() net.Conn }); ok {
		connection = tls.NetConn()
	}
	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // makes Close send RST
	}
	_ = connection.Close()
}

func slowHeader(d delivery) {
	if d.r.Wait(d.fault.Delay) {
		d.Write(d.w, d.r.ID)
	}
}

func slowBody(d delivery) {
	rest := d.sendHalf()
	if d.r.Wait(d.fault.Delay) {
		_, _ = d.w.Write(rest)
	}
}

// sendHalf sends the header and half of the body, and returns the other half.
func (d delivery) sendHalf() []byte {
	half := len(d.Body) / 2
	first := d.Response
	first.Body = d.Body[:half]
	first.Write(d.w, d.r.ID)
	_ = http.NewResponseController(d.w).Flush()
	return d.Body[half:]
}
