package fault

import (
	"net"
	"net/http"
	"strconv"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// delivery is a response on its way.
type delivery struct {
	wire.Response
	w     http.ResponseWriter
	r     *wire.Request
	fault Fault
}

// truncateBody announces the complete response and closes after half of it.
func truncateBody(d delivery) {
	d.w.Header().Set("Content-Length", strconv.Itoa(len(d.Body)))
	d.sendHalf()
	panic(http.ErrAbortHandler) // the way to make net/http close the connection
}

// closeConnection closes without a response.
func closeConnection(delivery) {
	panic(http.ErrAbortHandler)
}

// resetConnection does the same, but drops the connection instead of ending it.
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

// slowBody sends half of the response, and the rest after a while.
func slowBody(d delivery) {
	rest := d.sendHalf()
	if d.r.Wait(d.fault.Delay) {
		_, _ = d.w.Write(rest)
	}
}

// hang sends nothing until the client goes away.
func hang(d delivery) {
	<-d.r.HTTP.Context().Done()
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
