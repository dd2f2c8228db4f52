package credentials

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// largestResponse is more than any response with a credential has.
const largestResponse = 1 << 20

// exchange sends a request and returns the body of the response.
func (f finder) exchange(req *http.Request) ([]byte, error) {
	resp, err := f.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close() //nolint:errcheck // It was read, or reading it failed.
	body, err := io.ReadAll(io.LimitReader(resp.Body, largestResponse))
	if err != nil {
		return nil, &cause{text: "the response is incomplete", temporary: true}
	}
	if resp.StatusCode != http.StatusOK {
		return nil, refusal(resp.StatusCode, body)
	}
	return body, nil
}

// printable is what codes and request IDs consist of. Nothing else of a response
// is shown.
var printable = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// refusal is the cause of a response that has no credential.
func refusal(status int, body []byte) *cause {
	var response struct{ Code, RequestID string }
	_ = json.Unmarshal(body, &response) // What is not JSON has neither.
	text := fmt.Sprintf("HTTP status %d", status)
	if printable.MatchString(response.Code) {
		text += ", code " + response.Code
	}
	if printable.MatchString(response.RequestID) {
		text += ", request ID " + response.RequestID
	}
	transient := status >= 500 || status == http.StatusTooManyRequests || strings.Contains(response.Code, "Throttling")
	return &cause{text: text, temporary: transient}
}

// issued is a temporary credential as STS, metadata and credentials URI return it.
type issued struct {
	Code            string
	AccessKeyID     string
	AccessKeySecret string
	SecurityToken   string
	Expiration      string
}

// session checks that the response is complete.
func (i issued) session(provider string) (session, error) {
	if i.Code != "" && i.Code != "Success" && printable.MatchString(i.Code) {
		return session{}, &cause{text: "the response has code " + i.Code}
	}
	for _, field := range []struct{ name, value string }{
		{"AccessKeyId", i.AccessKeyID}, {"AccessKeySecret", i.AccessKeySecret},
		{"SecurityToken", i.SecurityToken}, {"Expiration", i.Expiration},
	} {
		if field.value == "" {
			return session{}, &cause{text: "the response has no " + field.name}
		}
	}
	expires, err := time.Parse(time.RFC3339, i.Expiration)
	if err != nil {
		return session{}, &cause{text: "the Expiration of the response is not in RFC 3339 format"}
	}
	s := session{expires: expires}
	s.AccessKeyID, s.AccessKeySecret, s.SecurityToken, s.Provider = i.AccessKeyID, i.AccessKeySecret, i.SecurityToken, provider
	return s, nil
}

// parse decodes a response.
func parse(body []byte, v any) error {
	if err := json.Unmarshal(body, v); err != nil {
		return &cause{text: "the response is not the expected JSON"}
	}
	return nil
}
