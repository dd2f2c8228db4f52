package credentials

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/tag"
)

const (
	// documentation describes all authentication methods.
	documentation = "https://registry.terraform.io/providers/dts-community/dts/latest/docs/guides/authentication"

	// allMethods ends advice on credentials that are not configured.
	allMethods = " All authentication methods: " + documentation
)

// Error is the reason why there are no credentials, with the next step. It contains
// no secret.
type Error struct {
	Summary string
	Advice  string // empty until the source that failed adds its name and advice

	status    int // of the HTTP response; 0 if there was none
	temporary bool
}

func (e *Error) Error() string { return e.Summary + ". " + e.Advice }

// Temporary reports whether the same source may succeed when it is tried again.
func (e *Error) Temporary() bool { return e.temporary }

// newError returns an error without advice.
func newError(format string, args ...any) *Error {
	return &Error{Summary: fmt.Sprintf(format, args...)}
}

// advise adds advice to an error.
func (e *Error) advise(advice string) *Error {
	e.Advice = advice
	return e
}

// errNoSource is a configuration without any credentials.
var errNoSource = newError("no Alibaba Cloud credentials were found").advise(
	"Set access_key and secret_key in the provider block, " +
		"or ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY in the environment." + allMethods)

// absent lists those of the named fields of a struct that are not set. A name can be
// a choice, such as "oidc_token or oidc_token_file".
func absent(of any, names ...string) []string {
	v := reflect.ValueOf(of)
	isSet := map[string]bool{}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		isSet[cmp.Or(field.Tag.Get("json"), tag.Name(field))] = !v.Field(i).IsZero()
	}
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return slices.ContainsFunc(strings.Split(name, " or "), func(choice string) bool { return isSet[choice] })
	})
}

// disabled is the source of a method that the environment excludes.
func disabled(method, variable string) source {
	return source{err: newError("%s must not be used", method).advise(
		variable + " is set in the environment. Unset it, or use another authentication method.")}
}

// connectionError is the error for a request without a response. It is temporary if
// the next attempt may succeed: the host is known, and neither side refused the
// certificate of the other. Only messages about a connection are shown, because
// others contain URLs with a token, or responses.
func connectionError(err error) error {
	request := &url.Error{Err: err}
	var unknown *net.DNSError
	var connection *net.OpError
	var certificate *tls.CertificateVerificationError
	var handshake tls.RecordHeaderError
	temporary := true
	switch {
	case errors.As(err, &request) && request.Timeout():
		return &Error{Summary: "timeout", temporary: true}
	case errors.As(err, &unknown):
		temporary = !unknown.IsNotFound
	case errors.As(err, &connection):
		temporary = connection.Op != "local error" && connection.Op != "remote error" // Alerts of TLS.
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
	case errors.As(err, &certificate), errors.As(err, &handshake), errors.Is(err, http.ErrSchemeMismatch):
		temporary = false
	default:
		return newError("the request failed, for example at a proxy, or because the response is not HTTP")
	}
	return &Error{Summary: request.Err.Error(), temporary: temporary}
}

// readError is the error for a file, without any content of the file.
func readError(argument, path string, err error) error {
	if pathError := new(os.PathError); errors.As(err, &pathError) {
		err = pathError.Err
	}
	return newError("%s %s can't be read: %s", argument, path, err).advise(
		"Check the path, and that the user who runs Terraform may read it.")
}
