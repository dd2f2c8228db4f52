package emulator

import "net/http"

// refusalOf is a refusal by the gateway with the fault's code.
func refusalOf(c *call, f Fault) response {
	return c.refuse(gatewayError{f.Status, f.Code, f.Message})
}

// unavailable is a gateway that has nothing to say.
func unavailable(*call, Fault) response {
	return response{status: http.StatusServiceUnavailable}
}

// html502 is a proxy between client and gateway that cannot reach it.
func html502(*call, Fault) response {
	return page502.as(http.StatusBadGateway)
}

// html200 is one that would rather have a password first.
func html200(*call, Fault) response {
	return pageSignIn.as(http.StatusOK)
}

func empty200(*call, Fault) response {
	return response{status: http.StatusOK}
}

func null200(*call, Fault) response {
	return response{status: http.StatusOK, body: []byte("null")}
}

// failure is a refusal by the service, in words of which a part is dynamic.
func failure(c *call, f Fault) response {
	return c.refuseDynamically(f.Code, f.Message)
}

// htmlPage is what a proxy answers. It comes from no gateway, so it has no
// request id.
type htmlPage string

const (
	page502    htmlPage = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center></body>\r\n</html>\r\n"
	pageSignIn htmlPage = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><form method=\"post\">Sign in to use this network.</form></body></html>\n"
)

func (h htmlPage) as(status int) response {
	return response{status: status, contentType: "text/html", withoutRequestID: true, body: []byte(h)}
}
