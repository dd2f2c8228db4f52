package main

import (
	"cmp"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator"
	"github.com/dts-community/terraform-provider-dts/internal/printable"
)

// serve listens, prints where, reads fixtures and scenarios again on SIGHUP, and stops gracefully when ctx is done.
func serve(ctx context.Context, o *options, stdout, stderr io.Writer) error {
	api, err := newEmulator(o, func(r emulator.Request) { logRequest(stderr, r) })
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", o.listen)
	if err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	listeners := []net.Listener{listener}
	lines := fmt.Sprintf("listening on http://%s\n", listener.Addr())
	if o.tlsListen != "" {
		certificate, file, err := certificateOf(o)
		if err != nil {
			return errors.Join(err, listener.Close())
		}
		if o.tlsCert == "" {
			defer func() { _ = os.Remove(file) }()
		}
		secure, err := tls.Listen("tcp", o.tlsListen, &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12})
		if err != nil {
			return errors.Join(fmt.Errorf("--tls-listen: %w", err), listener.Close())
		}
		listeners = append(listeners, secure)
		lines += fmt.Sprintf("listening on https://%s\ncertificate %s\n", secure.Addr(), file)
	}
	server := &http.Server{Handler: api, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, IdleTimeout: 2 * time.Minute}
	for _, l := range listeners {
		if tcp, isTCP := l.Addr().(*net.TCPAddr); isTCP && !tcp.IP.IsLoopback() {
			_, _ = fmt.Fprintf(stderr, "notice: %s is not a loopback address, other machines can reach the emulator\n", tcp)
		}
	}
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	defer signal.Stop(hangups)
	if _, err := io.WriteString(stdout, lines); err != nil {
		return errors.Join(err, server.Close())
	}
	ended := make(chan error, len(listeners))
	for _, l := range listeners {
		go func() { ended <- server.Serve(l) }()
	}
	for ctx.Err() == nil {
		select {
		case err := <-ended:
			return errors.Join(err, server.Close())
		case <-hangups:
			message := "fixtures and scenarios were read again"
			if err := api.Reload(); err != nil {
				message = "fixtures and scenarios could not be read again: " + err.Error()
			}
			_, _ = fmt.Fprintln(stderr, message)
		case <-ctx.Done():
		}
	}
	// Requests in progress may end, but not one that a fault holds.
	grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(grace); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return server.Close()
}

// certificateOf returns the certificate for HTTPS and the file that it is in: the
// one of the flags, or one that is valid for this machine and for a month. Its key is
// never written.
func certificateOf(o *options) (tls.Certificate, string, error) {
	if o.tlsCert != "" {
		certificate, err := tls.LoadX509KeyPair(o.tlsCert, o.tlsKey)
		if err != nil {
			err = fmt.Errorf("--tls-cert and --tls-key: %w", err)
		}
		return certificate, o.tlsCert, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, "", err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()),
		Subject:      pkix.Name{CommonName: "dts-emulator"},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().AddDate(0, 1, 0),
		IsCA:         true, // clients that trust it need no other certificate
		KeyUsage:     x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:     []string{"localhost"},
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},

		BasicConstraintsValid: true,
	}
	if host, _, err := net.SplitHostPort(o.tlsListen); err == nil && net.ParseIP(host) != nil {
		template.IPAddresses = append(template.IPAddresses, net.ParseIP(host))
	}
	if name, err := os.Hostname(); err == nil { // a container's name, for the others
		template.DNSNames = append(template.DNSNames, name)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, "", fmt.Errorf("certificate: %w", err)
	}
	file, err := os.CreateTemp("", "dts-emulator-*.pem")
	if err == nil {
		err = errors.Join(pem.Encode(file, &pem.Block{Type: "CERTIFICATE", Bytes: der}), file.Close())
	}
	if err != nil {
		return tls.Certificate{}, "", fmt.Errorf("certificate: %w; --tls-cert and --tls-key need no file to be written", err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, file.Name(), nil
}

// checkHealth returns an error unless an emulator that can serve listens at an
// address, as a health check of a container requires.
func checkHealth(ctx context.Context, listen string) error {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/_emulator/health", nil)
	if err != nil {
		return err
	}
	response, err := (&http.Client{Transport: &http.Transport{}}).Do(request) // never through a proxy
	if err != nil {
		return fmt.Errorf("--health: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(response.Body, 1024))
		return fmt.Errorf("--health: HTTP status %d: %q", response.StatusCode, text)
	}
	return nil
}

// logRequest writes one line for one request. Texts that the client sent are cleaned
// and quoted, so that they stay one line and reach no terminal as control characters.
// The region has another name in each operation; a request for no operation has its
// path.
func logRequest(w io.Writer, r emulator.Request) {
	quote := func(text string) string { return strconv.Quote(printable.Line(text, 200)) }
	outcome := fmt.Sprint(r.Status)
	if r.Code != "" {
		outcome += " " + quote(r.Code)
	}
	if len(r.Faults) > 0 {
		outcome += fmt.Sprintf(" by faults %s", r.Faults)
	}
	region := cmp.Or(r.Parameters.Get("Region"), r.Parameters.Get("RegionId"))
	_, _ = fmt.Fprintf(w, "%s %-4s %s region=%s key=%s: %s (%s)\n", r.Time.Format("15:04:05.000"),
		r.Method, quote(cmp.Or(r.Action, r.Path)), quote(region), quote(r.AccessKey), outcome, r.RequestID)
}
