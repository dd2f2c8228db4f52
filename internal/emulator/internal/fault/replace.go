package fault

import (
	"net/http"
	"slices"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// refusal is the gateway's error with the fault's code.
func refusal(r *wire.Request, f Fault) wire.Response {
	return r.Refuse(wire.Error{Status: f.Status, Code: f.Code, Message: f.Message})
}

// refusalWith returns the defaults of a refusal.
func refusalWith(e wire.Error) Fault {
	return Fault{Status: e.Status, Code: e.Code, Message: e.Message}
}

// failure is the service's error. The defaults are the document's own example of
// ErrCode and DynamicMessage.
func failure(r *wire.Request, f Fault) wire.Response {
	return r.Refuse(wire.Error{Status: f.Status, ByService: true, Code: f.Code, Message: wire.InvalidValue, DynamicMessage: f.Message})
}

// namesRefusedID reports whether a request names a job or an instance that is
// refused.
func namesRefusedID(r *wire.Request, f Fault) bool {
	for _, parameter := range []string{"DtsJobId", "DtsInstanceId"} {
		for id := range strings.SplitSeq(r.Parameters.Get(parameter), ",") {
			if id != "" && (f.IDs == "" || slices.Contains(strings.Split(f.IDs, ","), id)) {
				return true
			}
		}
	}
	return false
}

// refuseID is the error for such a job, in either form: both are on record.
func refuseID(r *wire.Request, f Fault) wire.Response {
	return r.Refuse(wire.Error{Status: f.Status, ByService: f.Status == http.StatusOK, Code: f.Code, Message: f.Message})
}

// unavailable is a gateway that cannot even tell what is wrong.
func unavailable(*wire.Request, Fault) wire.Response {
	return wire.Response{Status: http.StatusServiceUnavailable}
}

// html502 is a proxy between client and gateway that cannot reach it.
func html502(*wire.Request, Fault) wire.Response {
	return html(http.StatusBadGateway, "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center></body>\r\n</html>\r\n")
}

// html200 is one that wants a password first.
func html200(*wire.Request, Fault) wire.Response {
	return html(http.StatusOK, "<!DOCTYPE html>\n<html><head><title>Log in</title></head><body><form method=\"post\">Log in to use this network.</form></body></html>\n")
}

func empty200(*wire.Request, Fault) wire.Response {
	return wire.OK(nil)
}

func null200(*wire.Request, Fault) wire.Response {
	return wire.OK([]byte("null"))
}

func html(status int, page string) wire.Response {
	return wire.Response{Status: status, ContentType: "text/html", IsForeign: true, Body: []byte(page)}
}
