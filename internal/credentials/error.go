package credentials

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"slices"
)

// Error is why there are no credentials, and what to do. It contains no secret.
type Error struct {
	Summary string
	Advice  string

	temporary bool
}

func (e *Error) Error() string { return e.Summary + ". " + e.Advice }

// Temporary reports whether the same source may succeed when it is tried again.
func (e *Error) Temporary() bool { return e.temporary }

// cause is why a source failed, in words that contain no secret.
type cause struct {
	text      string
	temporary bool
}

func (c *cause) Error() string { return c.text }

// causeOf returns the cause of an error. Of errors made elsewhere it shows those
// of the network only, because others contain responses, files, or URLs with a
// token.
func causeOf(err error) *cause {
	var known *cause
	var request *url.Error
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &request) && request.Timeout():
		return &cause{text: "timeout", temporary: true}
	case errors.As(err, &request) && request.Op != "parse":
		return &cause{text: request.Err.Error(), temporary: isTransient(request.Err)}
	}
	return &cause{text: "the message is not shown because it may contain secrets"}
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
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// unreadable is the error for a file, without what may be in it.
func unreadable(argument, path string, err error) error {
	var cause *os.PathError
	if errors.As(err, &cause) {
		err = cause.Err
	}
	return &Error{
		Summary: fmt.Sprintf("%s %s can't be read: %s", argument, path, err),
		Advice:  "Check the path, and that the user who runs Terraform may read it.",
	}
}
