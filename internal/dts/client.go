package dts

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	core "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	"github.com/alibabacloud-go/darabonba-openapi/v2/utils"
	"github.com/alibabacloud-go/tea/dara"
	"github.com/aliyun/credentials-go/credentials"
)

// version is that of the API.
const version = "2020-01-01"

// Config is what a client needs to know.
type Config struct {
	// Credential gives what a call is signed with; it may take as long as its
	// context allows.
	Credential func(context.Context) (*credentials.CredentialModel, error)
	// Renew asks for another credential than one that the API says has expired,
	// and reports whether there is one; nil: there never is.
	Renew func(ctx context.Context, expired *credentials.CredentialModel) (bool, error)

	Endpoint       string        // host or host:port; empty: that of the region
	Protocol       string        // HTTPS or HTTP; empty: HTTPS
	ConnectTimeout time.Duration // for a connection and its TLS handshake
	ReadTimeout    time.Duration // for an answer once connected
	RetryTimeout   time.Duration // for one call and its retries
	RequestRate    int           // calls in any second to one region; 0: no limit
	UserAgent      string        // added to that of the core library

	Policy  Policy  // nil: DefaultPolicy
	Backoff Backoff // nil: DefaultBackoff

	// Log is told what a reader of logs may look for; nil: nothing is logged.
	Log func(ctx context.Context, message string, fields map[string]any)

	// OnAnswer is given the bytes of each answer that was read without error, and
	// what was asked; nil: nobody is. It may be called from many goroutines.
	OnAnswer func(operation, region string, parameters map[string]string, body []byte)
}

// Client calls the API. It may be used from many goroutines.
type Client struct {
	config Config
	http   *http.Client

	lists     readGroup[*JobListing]
	lookups   lookups
	pageSizes sync.Map // callKey to *pageSizes
}

// callKey is what the API may set limits for.
type callKey struct{ operation, region string }

// NewClient returns a client. It makes no connection.
func NewClient(config Config) *Client {
	if config.Protocol == "" {
		config.Protocol = "HTTPS"
	}
	if config.Policy == nil {
		config.Policy = DefaultPolicy
	}
	if config.Backoff == nil {
		config.Backoff = DefaultBackoff
	}
	if config.Log == nil {
		config.Log = func(context.Context, string, map[string]any) {}
	}
	return &Client{config: config, http: newHTTPClient(config.ConnectTimeout, config.ReadTimeout)}
}

// Envelope is what every answer has around its data.
type Envelope struct {
	RequestID      *string `json:"RequestId"`
	Success        *bool   `json:"Success"`
	ErrCode        *string `json:"ErrCode"`
	ErrMessage     *string `json:"ErrMessage"`
	DynamicMessage *string `json:"DynamicMessage"`
}

func (e *Envelope) envelope() *Envelope { return e }

// answer is a decoded answer; check returns what makes it none.
type answer interface {
	envelope() *Envelope
	check() error
}

// call makes one call with its retries. Each attempt decodes into a new A.
func call[A any, P interface {
	*A
	answer
}](ctx context.Context, c *Client, key callKey, parameters map[string]string) (P, error) {
	var got P
	err := c.retry(ctx, func() *Error {
		got = new(A)
		failure := c.attempt(ctx, key, parameters, got)
		if failure != nil && failure.Throttled() && c.config.RequestRate > 0 {
			limiterOf(failure.Endpoint, key.region).throttled(time.Now())
		}
		return failure
	})
	if err != nil {
		return nil, err
	}
	return got, nil
}

// endpoint returns the host to call for a region.
func (c *Client) endpoint(region string) string {
	if c.config.Endpoint != "" {
		return c.config.Endpoint
	}
	return HostOf(region)
}

// attempt makes one attempt of a call and decodes the answer into got.
func (c *Client) attempt(ctx context.Context, key callKey, parameters map[string]string, got answer) *Error {
	failure := &Error{Operation: key.operation, Region: key.region, Endpoint: c.endpoint(key.region)}
	if err := c.wait(ctx, failure.Endpoint, key.region); err != nil {
		failure.Err = err
		return failure
	}
	credential, err := c.config.Credential(ctx)
	if err != nil {
		failure.Err = fmt.Errorf("%w: %w", errNotSent, err)
		return failure
	}
	failure.credential = credential
	x, err := c.send(ctx, failure.Endpoint, key.operation, parameters, credential)
	failure.Status, failure.RequestID = x.status, x.requestID
	switch {
	case err != nil:
		failure.Err = err
		return failure
	case x.status != http.StatusOK:
		return refused(failure, x.body)
	}
	if failure = read(failure, x.body, got); failure == nil && c.config.OnAnswer != nil {
		c.config.OnAnswer(key.operation, key.region, parameters, x.body)
	}
	return failure
}

// errNotSent is a failure before anything was sent, such as no credentials.
var errNotSent = errors.New("the call could not be made")

// send signs a request and exchanges it. The client of the core library is
// made anew, since a shared one is written to at each call.
func (c *Client) send(ctx context.Context, endpoint, operation string, parameters map[string]string, credential *credentials.CredentialModel) (*exchange, error) {
	x := &exchange{http: c.http}
	signer := &core.Client{
		Endpoint:   &endpoint,
		Protocol:   &c.config.Protocol,
		UserAgent:  &c.config.UserAgent,
		Credential: signature{credential},
		HttpClient: x,
	}
	params := &utils.Params{
		Action: &operation, Version: dara.String(version), Protocol: &c.config.Protocol,
		Pathname: dara.String("/"), Method: dara.String(http.MethodPost), AuthType: dara.String("AK"),
		Style: dara.String("RPC"), ReqBodyType: dara.String("formData"), BodyType: dara.String("binary"),
	}
	request := &utils.OpenApiRequest{Query: query(parameters)}
	_, err := signer.CallApiWithCtx(ctx, params, request, &dara.RuntimeOptions{})
	if err != nil && !x.sent {
		return x, fmt.Errorf("%w: %w", errNotSent, err)
	}
	return x, x.err
}

// query is the form in which the core library takes parameters.
func query(parameters map[string]string) map[string]*string {
	query := make(map[string]*string, len(parameters))
	for name, value := range parameters {
		query[name] = &value
	}
	return query
}

// signature gives the core library a credential that is already there.
type signature struct{ model *credentials.CredentialModel }

func (s signature) GetCredential() (*credentials.CredentialModel, error) { return s.model, nil }
func (s signature) GetAccessKeyId() (*string, error)                     { return s.model.AccessKeyId, nil }
func (s signature) GetAccessKeySecret() (*string, error)                 { return s.model.AccessKeySecret, nil }
func (s signature) GetSecurityToken() (*string, error)                   { return s.model.SecurityToken, nil }
func (s signature) GetBearerToken() *string                              { return s.model.BearerToken }
func (s signature) GetType() *string                                     { return s.model.Type }

// refused reads the error that the gateway answered with its HTTP status. A
// body that is none, such as a proxy's page, leaves the status to tell.
func refused(failure *Error, body []byte) *Error {
	var gateway struct {
		Code      *string `json:"Code"`
		Message   *string `json:"Message"`
		RequestID *string `json:"RequestId"`
	}
	if err := decode(body, &gateway); err != nil {
		failure.Err = fmt.Errorf("%w: HTTP status %d without an error of the API", ErrBroken, failure.Status)
		return failure
	}
	failure.Code, failure.Message = text(gateway.Code), text(gateway.Message)
	failure.named(gateway.RequestID)
	return failure
}

// read decodes an answer that came with HTTP status 200, which does not mean
// that the call succeeded.
func read(failure *Error, body []byte, got answer) *Error {
	if string(bytes.TrimSpace(body)) == "null" {
		failure.Err = fmt.Errorf("%w: null", ErrBroken)
		return failure
	}
	err := decode(body, got)
	if errors.As(err, new(*FieldError)) {
		var rest struct{ Envelope }
		_ = decode(body, &rest) // For the request id, which often comes last.
		failure.named(rest.RequestID)
		failure.Err = err
		return failure
	}
	if err != nil {
		failure.Err = fmt.Errorf("%w: %w", ErrBroken, err)
		return failure
	}
	e := got.envelope()
	failure.named(e.RequestID)
	if e.Success != nil && !*e.Success {
		failure.Code, failure.Dynamic = text(e.ErrCode), text(e.DynamicMessage)
		failure.Message = strings.ReplaceAll(text(e.ErrMessage), "%s", failure.Dynamic)
		return failure
	}
	if err := got.check(); err != nil {
		failure.Err = err
		return failure
	}
	return nil
}

// text returns what a field holds, or "".
func text[T ~string](field *T) string {
	if field == nil {
		return ""
	}
	return string(*field)
}
