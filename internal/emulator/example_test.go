package emulator_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator"
)

// A client finds the emulator at an ordinary URL, and a test reads back what the
// client sent. Any client that signs its requests will do; this one signs the
// classic way, by hand.
func Example() {
	api := &emulator.Emulator{}
	server := httptest.NewServer(api)
	defer server.Close()

	query := url.Values{
		"Action":  {"DescribeDtsJobs"},
		"Version": {"2020-01-01"},
		"Region":  {"cn-hangzhou"},
		"Type":    {"name"},
		"Params":  {"订单"},

		"AccessKeyId":      {emulator.DefaultAccessKey},
		"SignatureMethod":  {"HMAC-SHA1"},
		"SignatureVersion": {"1.0"},
		"SignatureNonce":   {"a new one for each request"},
		"Timestamp":        {time.Now().UTC().Format("2006-01-02T15:04:05Z")},
	}
	percent := func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
	mac := hmac.New(sha1.New, []byte(emulator.DefaultSecretKey+"&"))
	mac.Write([]byte("GET&%2F&" + percent(strings.ReplaceAll(query.Encode(), "+", "%20"))))
	query.Set("Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))

	response, err := http.Get(server.URL + "/?" + query.Encode())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = response.Body.Close() }()
	var list struct {
		DtsJobList []struct{ DtsJobName, Status string }
	}
	if err := json.NewDecoder(response.Body).Decode(&list); err != nil {
		fmt.Println(err)
		return
	}
	for _, job := range list.DtsJobList {
		fmt.Println(job.DtsJobName, job.Status)
	}
	for _, request := range api.Requests() {
		fmt.Println(request.Action, request.Parameters.Get("Params"), request.Status)
	}
	// Output:
	// 订单库迁移 Finished
	// DescribeDtsJobs 订单 200
}
