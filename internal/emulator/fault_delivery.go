package emulator

import (
	"net"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// delivery is an answer on its way.
type delivery struct {
	response
	w         http.ResponseWriter
	r         *http.Request
	requestID string
	fault     Fault
}

// send delivers an answer, by the fault that has it travel badly if there is one.
func (c *call) send(w http.ResponseWriter, answer response) {
	for _, f := range c.faults {
		if f.kind.deliver != nil {
			f.kind.deliver(delivery{answer, w, c.request, c.requestID, f.Fault})
			return
		}
	}
	answer.write(w, c.requestID)
}

// isSilenced reports whether no part of the answer will arrive.
func (c *call) isSilenced() bool {
	return slices.ContainsFunc(c.faults, func(f plannedFault) bool { return f.kind.isSilent })
}

// truncateBody announces the whole answer and closes after half of it.
func truncateBody(d delivery) {
	d.w.Header().Set("Content-Length", strconv.Itoa(len(d.body)))
	d.sendHalf()
	panic(http.ErrAbortHandler) // the way to make net/http close the connection
}

// closeConnection closes without an answer.
func closeConnection(delivery) {
	panic(http.ErrAbortHandler)
}

// resetConnection does the same, but drops the connection instead of ending it.
func resetConnection(d delivery) {
	connection, _, err := http.NewResponseController(d.w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // no TCP connection of its own, as in HTTP/2
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
	if wait(d.r, d.fault.Delay) {
		d.write(d.w, d.requestID)
	}
}

// slowBody sends half of the answer, and the rest after a while.
func slowBody(d delivery) {
	rest := d.sendHalf()
	if wait(d.r, d.fault.Delay) {
		_, _ = d.w.Write(rest)
	}
}

// hang says nothing until the client goes away.
func hang(d delivery) {
	<-d.r.Context().Done()
}

// sendHalf sends the header and half of the body, and returns the other half.
func (d delivery) sendHalf() []byte {
	half := len(d.body) / 2
	first := d.response
	first.body = d.body[:half]
	first.write(d.w, d.requestID)
	_ = http.NewResponseController(d.w).Flush()
	return d.body[half:]
}

// wait lets time pass and reports whether the client is still there.
func wait(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}
