package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator"
)

// serve listens, prints where, and stops gracefully when ctx is done.
func serve(ctx context.Context, o *options, stdout, stderr io.Writer) error {
	api, err := newEmulator(o, func(r emulator.Request) { logRequest(stderr, r) })
	if err != nil {
		return err
	}
	server := &http.Server{Handler: api, ReadHeaderTimeout: 10 * time.Second}
	if o.tlsCert != "" {
		certificate, err := tls.LoadX509KeyPair(o.tlsCert, o.tlsKey)
		if err != nil {
			return fmt.Errorf("--tls-cert and --tls-key: %w", err)
		}
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	}
	listener, err := net.Listen("tcp", o.listen)
	if err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	warnUnlessLoopback(stderr, listener.Addr())
	reloadOnSignal(ctx, api, stderr)
	if _, err := fmt.Fprintf(stdout, "listening on %s://%s\n", scheme(server), listener.Addr()); err != nil {
		return errors.Join(err, listener.Close())
	}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		stopped <- shutDown(server)
	}()
	if err := serveOn(server, listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

func scheme(server *http.Server) string {
	if server.TLSConfig != nil {
		return "https"
	}
	return "http"
}

func serveOn(server *http.Server, listener net.Listener) error {
	if server.TLSConfig != nil {
		return server.ServeTLS(listener, "", "")
	}
	return server.Serve(listener)
}

func warnUnlessLoopback(stderr io.Writer, address net.Addr) {
	if tcp, isTCP := address.(*net.TCPAddr); isTCP && !tcp.IP.IsLoopback() {
		_, _ = fmt.Fprintf(stderr, "notice: %s is not a loopback address, other machines can reach the emulator\n", tcp)
	}
}

// reloadOnSignal reads fixtures and scenarios again on SIGHUP, until ctx is done.
func reloadOnSignal(ctx context.Context, api *emulator.Emulator, stderr io.Writer) {
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	go func() {
		defer signal.Stop(hangups)
		for {
			select {
			case <-ctx.Done():
				return
			case <-hangups:
				message := "fixtures and scenarios were read again"
				if err := api.Reload(); err != nil {
					message = "fixtures and scenarios could not be read again: " + err.Error()
				}
				_, _ = fmt.Fprintln(stderr, message)
			}
		}
	}()
}

// shutDown waits for requests in progress, but not for one that a fault holds.
func shutDown(server *http.Server) error {
	grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := server.Shutdown(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		return server.Close()
	}
	return err
}

// logRequest writes one line for one request. What the client sent is quoted, so
// that it stays one line. The region has another name in each operation; what
// is not an operation has its path.
func logRequest(w io.Writer, r emulator.Request) {
	outcome := fmt.Sprint(r.Status)
	if r.Code != "" {
		outcome += " " + r.Code
	}
	if len(r.Faults) > 0 {
		outcome += fmt.Sprintf(" by faults %s", r.Faults)
	}
	region := cmp.Or(r.Parameters.Get("Region"), r.Parameters.Get("RegionId"))
	_, _ = fmt.Fprintf(w, "%s %-4s %q region=%q key=%q: %s (%s)\n", r.Time.Format("15:04:05.000"),
		r.Method, cmp.Or(r.Action, r.Path), region, r.AccessKey, outcome, r.RequestID)
}
