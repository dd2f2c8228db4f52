package credentials

import (
	"net"
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

// The types below know which of their values are valid. IsValid is called for
// values that are set, in the provider block and in the environment, and
// Constraint completes the sentence "… must be".

// Text is a string that is sent in a header, or is part of one.
type Text string

// IsValid accepts text without control characters, which no header can hold.
func (t Text) IsValid() bool { return !strings.ContainsFunc(string(t), unicode.IsControl) }

// Constraint describes valid texts.
func (Text) Constraint() string {
	return "free of control characters. A value read from a file may end with a line break, which trimspace() removes"
}

// Region is the ID of a region, which is part of the host of a request.
type Region string

// IsValid accepts letters, digits and hyphens.
func (r Region) IsValid() bool {
	return strings.Trim(string(r), "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == ""
}

// Constraint describes valid regions.
func (Region) Constraint() string { return "the ID of a region, such as cn-hangzhou" }

// Endpoint is a host or host:port.
type Endpoint string

// IsValid accepts the host of a URL, and no other part of a URL.
func (e Endpoint) IsValid() bool { return hostOf("https://"+string(e)) == string(e) && e != "" }

// Constraint describes valid endpoints.
func (Endpoint) Constraint() string {
	return "a host or host:port, such as dts.cn-hangzhou.aliyuncs.com, without a scheme, a user or a path"
}

// IsLoopback reports whether requests to the endpoint stay on this machine.
func (e Endpoint) IsLoopback() bool {
	host := (&url.URL{Host: string(e)}).Hostname()
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// URI is an HTTP or HTTPS address. It may contain a secret.
type URI string

// IsValid accepts addresses to which an HTTP client can send a request.
func (u URI) IsValid() bool { return hostOf(string(u)) != "" }

// Constraint describes valid addresses.
func (URI) Constraint() string { return "an HTTP or HTTPS URL without control characters" }

// isUnencrypted reports whether a request leaves this machine over plain HTTP.
func (u URI) isUnencrypted() bool {
	parsed, err := url.Parse(string(u))
	return err == nil && parsed.Scheme == "http" && !Endpoint(parsed.Host).IsLoopback()
}

// hostOf returns the host of an HTTP or HTTPS URL, with a port if it has one, or
// "" if the URL is not valid.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || strings.HasSuffix(u.Host, ":") {
		return ""
	}
	if port, err := strconv.Atoi(u.Port()); u.Port() != "" && (err != nil || port <= 0 || port >= 1<<16) {
		return ""
	}
	return u.Host
}

// Protocol is the protocol of API requests.
type Protocol string

// Valid lists the protocols that exist.
func (Protocol) Valid() []string { return []string{"HTTPS", "HTTP"} }

// SessionExpiration is how long the session of a role lasts, in seconds.
type SessionExpiration int64

// IsValid accepts sessions that STS accepts. The maximum is a setting of each role.
func (s SessionExpiration) IsValid() bool { return s >= 900 }

// Constraint describes valid sessions.
func (SessionExpiration) Constraint() string { return "at least 900" }

// Natural is a number that is not negative; 0 is the default.
type Natural int64

// IsValid accepts numbers that are not negative.
func (n Natural) IsValid() bool { return n >= 0 }

// Constraint describes valid numbers.
func (Natural) Constraint() string { return "at least 0" }
