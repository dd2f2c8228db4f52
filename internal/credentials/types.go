package credentials

import (
	"errors"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// The types below check their own form. Check is called for values that are
// set, in the provider block and in the environment, and completes the sentence
// "… must be".

// Text is a string that is sent in a header, or is part of one.
type Text string

// Check accepts text without control characters, which no header can hold.
func (t Text) Check() error {
	if hasControl(string(t)) {
		return errors.New("free of control characters. A value read from a file may end with a line break, which trimspace() removes")
	}
	return nil
}

// Region is the ID of a region, which is part of the host of a request.
type Region string

// Check accepts letters, digits and hyphens.
func (r Region) Check() error {
	if strings.ContainsFunc(string(r), func(c rune) bool {
		return c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
	}) {
		return errors.New("made of letters, digits and hyphens, such as cn-hangzhou")
	}
	return nil
}

// Endpoint is a host or host:port.
type Endpoint string

// Check accepts what can be the host of a URL, and nothing else of a URL.
func (e Endpoint) Check() error {
	u, err := url.Parse("https://" + string(e))
	if err != nil || u.Host != string(e) || u.Hostname() == "" || !hasValidPort(u) {
		return errors.New("a host or host:port, such as dts.cn-hangzhou.aliyuncs.com, without a scheme, a user or a path. " +
			"The argument protocol sets HTTPS or HTTP")
	}
	return nil
}

// hasValidPort reports whether the host of a URL is followed by a valid port or by none.
func hasValidPort(u *url.URL) bool {
	if u.Port() == "" {
		return !strings.HasSuffix(u.Host, ":")
	}
	port, err := strconv.Atoi(u.Port())
	return err == nil && 0 < port && port < 1<<16
}

// IsLoopback reports whether requests to the endpoint stay on this machine.
func (e Endpoint) IsLoopback() bool {
	host := (&url.URL{Host: string(e)}).Hostname()
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// URI is an HTTP or HTTPS address. It may contain a secret.
type URI string

// Check accepts what an HTTP client can send a request to.
func (u URI) Check() error {
	parsed, err := url.Parse(string(u))
	if err != nil || !slices.Contains([]string{"http", "https"}, parsed.Scheme) || parsed.Hostname() == "" || !hasValidPort(parsed) {
		return errors.New("an HTTP or HTTPS URL without control characters")
	}
	return nil
}

// isUnencrypted reports whether a request leaves this machine over plain HTTP.
func (u URI) isUnencrypted() bool {
	parsed, err := url.Parse(string(u))
	return err == nil && parsed.Scheme == "http" && !Endpoint(parsed.Host).IsLoopback()
}

// Protocol is the protocol of API requests.
type Protocol string

// Valid lists the protocols that exist.
func (Protocol) Valid() []string { return []string{"HTTPS", "HTTP"} }

// SessionExpiration is how long the session of a role lasts, in seconds.
type SessionExpiration int64

// Check accepts what STS does, whose maximum is a setting of each role.
func (s SessionExpiration) Check() error {
	if s < 900 {
		return errors.New("at least 900")
	}
	return nil
}

// Natural is a number that is not negative; 0 is the default.
type Natural int64

// Check accepts numbers that are not negative.
func (n Natural) Check() error {
	if n < 0 {
		return errors.New("at least 0")
	}
	return nil
}

func hasControl(text string) bool { return strings.ContainsFunc(text, unicode.IsControl) }
