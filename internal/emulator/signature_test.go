package emulator

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// Both signature methods, both places for parameters: all must be understood.
func TestSignatureAccepted(t *testing.T) {
	parameters := pairs{"Region": "cn-hangzhou", "Type": "name", "Params": "订单 *~+/=&%"}
	tests := map[string]*http.Request{
		"ACS3, query":             acs3Request(parameters, signing{}),
		"ACS3, GET":               acs3Request(parameters, signing{method: "GET"}),
		"ACS3, form":              acs3Request(parameters, signing{form: true}),
		"ACS3, token":             acs3Request(parameters, signing{token: "token+/="}),
		"ACS3, empty parameter":   acs3Request(pairs{"Region": "cn-hangzhou", "Tags": ""}, signing{}),
		"ACS3, provider header":   acs3Request(parameters, signing{headers: map[string]string{"x-acs-credentials-provider": "static_ak"}}),
		"RPC, query":              rpcRequest(parameters, signing{method: "GET"}),
		"RPC, POST with query":    rpcRequest(parameters, signing{}),
		"RPC, form":               rpcRequest(parameters, signing{form: true}),
		"RPC, HMAC-SHA256":        rpcRequest(parameters, signing{algorithm: "HMAC-SHA256"}),
		"RPC, token":              rpcRequest(parameters, signing{form: true, token: "token+/="}),
		"RPC, empty parameter":    rpcRequest(pairs{"Region": "cn-hangzhou", "Tags": ""}, signing{}),
		"date at the edge, early": acs3Request(parameters, signing{date: "2026-11-20T07:09:45Z"}),
		"date at the edge, late":  acs3Request(parameters, signing{date: "2026-11-20T07:39:45Z"}),
	}
	e, _ := newEmulator(t)
	for name, request := range tests {
		t.Run(name, func(t *testing.T) {
			if a := send(t, e, request); a.status != http.StatusOK || !a.Success {
				t.Errorf("HTTP %d: %s", a.status, a.raw)
			}
		})
	}
}

// The classic signature covers all parameters, wherever they are: moving one
// from the form to the query changes nothing, adding one does.
func TestParametersInQueryAndForm(t *testing.T) {
	e, _ := newEmulator(t)
	r := rpcRequest(pairs{"Region": "cn-hangzhou", "JobType": "SYNC"}, signing{form: true})
	if err := r.ParseForm(); err != nil {
		t.Fatal(err)
	}
	form := r.PostForm
	mixed := func(query string) *http.Request {
		r := httptest.NewRequest(http.MethodPost, "http://"+testHost+"/?"+query, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return r
	}
	if a := send(t, e, mixed("Status=Failed")); a.Code != "SignatureDoesNotMatch" {
		t.Errorf("a parameter was added: %s", a.raw)
	}
	form.Del("JobType")
	if a := send(t, e, mixed("JobType=SYNC")); !a.Success || a.TotalRecordCount == 0 || e.Requests()[1].Parameters.Get("JobType") != "SYNC" {
		t.Errorf("a parameter was moved: HTTP %d %s %s", a.status, a.Code, a.Message)
	}
}

func TestNonceIsNotUsedUpByARefusal(t *testing.T) {
	e, _ := newEmulator(t)
	region := pairs{"Region": "cn-hangzhou"}
	if a := send(t, e, acs3Request(region, signing{nonce: "one", secret: "wrong"})); a.Code != "SignatureDoesNotMatch" {
		t.Fatal(a.raw)
	}
	if a := send(t, e, acs3Request(region, signing{nonce: "one"})); !a.Success {
		t.Errorf("the nonce was used up by a refused request: %s", a.raw)
	}
	if a := send(t, e, rpcRequest(region, signing{nonce: "one"})); a.Code != "SignatureNonceUsed" {
		t.Errorf("the nonce was accepted twice: %s", a.raw)
	}
}

// A request with a date in the future cannot be sent again as long as its date is
// accepted, which is longer than for others.
func TestReplayOfAFutureDate(t *testing.T) {
	e, clock := newEmulator(t)
	future := signing{date: "2026-11-20T07:39:45Z", nonce: "once"} // in 15 minutes
	for i, wait := range []time.Duration{0, 16 * time.Minute, 14 * time.Minute} {
		clock.advance(wait)
		r := send(t, e, acs3Request(pairs{"Region": "cn-hangzhou"}, future))
		if isFirst := i == 0; r.Success != isFirst || !isFirst && r.Code != "SignatureNonceUsed" {
			t.Errorf("request %d: %s", i+1, r.raw)
		}
	}
}
