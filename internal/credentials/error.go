package credentials

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
)

// documentation describes all authentication methods.
const documentation = "https://registry.terraform.io/providers/dts-community/dts/latest/docs/guides/authentication"

// Error is the reason why there are no credentials, with the next step. It contains
// no secret.
type Error struct {
	Summary string
	Advice  string

	temporary bool
}

func (e *Error) Error() string { return e.Summary + ". " + e.Advice }

// Temporary reports whether the same source may succeed when it is tried again.
func (e *Error) Temporary() bool { return e.temporary }

// errNoSource is a configuration without any credentials.
var errNoSource = missing("no Alibaba Cloud credentials were found",
	"Set access_key and secret_key in the provider block, or ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY in the environment.")

// missing is the error for credentials that are not configured.
func missing(summary, advice string) error {
	return &Error{Summary: summary, Advice: advice + " All authentication methods: " + documentation}
}

// disabled is the error for a method that the environment excludes.
func disabled(what, variable string) error {
	return &Error{
		Summary: what + " must not be used",
		Advice:  variable + " is set in the environment. Unset it, or use another authentication method.",
	}
}

// failure is why a source failed, in words that contain no secret.
type failure struct {
	text      string
	status    int // of the HTTP response; 0 if there was none
	temporary bool
}

func (f *failure) Error() string { return f.text }

// wrap attributes an error to the source.
func (s source) wrap(err error) error {
	if attributed := new(Error); errors.As(err, &attributed) {
		return attributed
	}
	f := describe(err)
	return &Error{
		Summary:   fmt.Sprintf("unable to get credentials from %s: %s", s.name, f.text),
		Advice:    s.advice,
		temporary: f.temporary,
	}
}

// describe returns the failure behind an error. Errors made elsewhere are shown if
// a connection failed or a program could not be started; others contain responses,
// files, or URLs with a token.
func describe(err error) *failure {
	var known *failure
	var request *url.Error
	var connection *net.OpError
	var certificate *tls.CertificateVerificationError
	var handshake tls.RecordHeaderError
	var exit *exec.ExitError
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &exit):
		return &failure{text: "the command ended with " + exit.String()}
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, os.ErrNotExist), errors.Is(err, os.ErrPermission):
		return &failure{text: "the command can't be started"}
	case !errors.As(err, &request):
		return &failure{text: "the message is not shown because it may contain secrets"}
	case request.Timeout():
		return &failure{text: "timeout", temporary: true}
	case errors.As(err, &connection), errors.As(err, &certificate), errors.As(err, &handshake), errors.Is(err, http.ErrSchemeMismatch), isEOF(err):
		return &failure{text: request.Err.Error(), temporary: isTransient(request.Err)}
	}
	return &failure{text: "the request failed, for example at a proxy, or because the response is not HTTP"}
}

// isTransient reports whether a connection failed in a way that may be over at
// the next attempt: the host is known, and no certificate was refused.
func isTransient(err error) bool {
	var connection *net.OpError
	var unknown *net.DNSError
	switch {
	case errors.As(err, &unknown):
		return !unknown.IsNotFound
	case errors.As(err, &connection):
		return !slices.Contains([]string{"local error", "remote error"}, connection.Op) // Alerts of TLS.
	}
	return isEOF(err)
}

func isEOF(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }

// readError is the error for a file, without any content of the file.
func readError(argument, path string, err error) error {
	if pathError := new(os.PathError); errors.As(err, &pathError) {
		err = pathError.Err
	}
	return &Error{
		Summary: fmt.Sprintf("%s %s can't be read: %s", argument, path, err),
		Advice:  "Check the path, and that the user who runs Terraform may read it.",
	}
}
