package provider_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAPIResponse reads responses of operations that have no data source: with
// the names of the API, exact numbers, and without the envelope.
func TestAPIResponse(t *testing.T) {
	t.Parallel()
	const envelope = `"RequestId":"R","Success":"true","HttpStatusCode":"200","ErrCode":"","ErrMessage":"","DynamicMessage":"","DynamicCode":""`
	for name, test := range map[string]struct {
		response string
		want     map[string]any
	}{
		"nothing": {`{` + envelope + `}`, map[string]any{}},
		"scalars": {`{` + envelope + `,"Text":"a","Flag":true,"Large":9223372036854775807,"Exact":0.1,"Null":null,"Empty":""}`,
			map[string]any{"Text": "a", "Flag": true, "Large": "9223372036854775807", "Exact": "0.1", "Empty": ""}},
		"normalized names": {`{` + envelope + `,"e\u0301":"decomposed","\u00e9":"composed","List":[{"u\u0308":1}]}`,
			map[string]any{"\u00e9": "composed", "List": []any{map[string]any{"\u00fc": "1"}}}},
		"nested": {`{` + envelope + `,"Item":{"RequestId":"stays","Null":null},"List":[{"A":1},{"B":"x"},"c",[]],"Code":"01"}`,
			map[string]any{"Item": map[string]any{"RequestId": "stays"}, "List": []any{map[string]any{"A": "1"}, map[string]any{"B": "x"}, "c", []any{}}, "Code": "01"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSession(t, newFakeAPI(t, func(url.Values) string { return test.response }).URL)
			state, diags := s.readState(t, "dts_api_response", arguments{"operation": "DescribeDtsJobDetail"})
			if diff := cmp.Diff(any(test.want), state["response"]); diff != "" || diags != "" || state["id"] == "" {
				t.Errorf("diagnostics %s, -want +got:\n%s", diags, diff)
			}
		})
	}
}

// TestAPIResponseRequest checks the request: parameters are sent unchanged, and
// the region is added unless it is set.
func TestAPIResponseRequest(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, emptyList)
	s := newSession(t, api.URL)
	for _, test := range []struct {
		set  arguments
		want url.Values
	}{
		{nil, url.Values{"RegionId": {"cn-hangzhou"}}},
		{arguments{"region": "eu-central-1", "parameters": map[string]string{"DtsJobId": "a b", "PageSize": "5", "Empty": ""}},
			url.Values{"RegionId": {"eu-central-1"}, "DtsJobId": {"a b"}, "PageSize": {"5"}, "Empty": {""}}},
		{arguments{"parameters": map[string]string{"RegionId": "other"}}, url.Values{"RegionId": {"other"}}},
	} {
		set := with(test.set, arguments{"operation": "ListDedicatedCluster"})
		if _, diags := s.readState(t, "dts_api_response", set); diags != "" {
			t.Error(diags)
		}
		if diff := cmp.Diff([]url.Values{test.want}, api.requests()); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
	if action := api.headers[0].Get("X-Acs-Action"); action != "ListDedicatedCluster" {
		t.Errorf("action %s", action)
	}
}

// TestAPIResponseChangesNothing refuses operations that do not read, and
// parameters that would select another operation, without a request.
func TestAPIResponseChangesNothing(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, emptyList)
	s := newSession(t, api.URL)
	for _, operation := range []string{"", "DeleteDtsJob", "describeDtsJobs", "Describe", "Describes", "Describe Jobs", "GetJob&Action=DeleteDtsJob", "StopDtsJob", "Checkpoint", "xDescribeDtsJobs"} {
		if got := s.plan(t, "dts_api_response", arguments{"operation": operation}); !strings.Contains(got, "Attribute operation must be the name of an operation that reads") {
			t.Errorf("%q: %s", operation, got)
		}
	}
	for _, name := range []string{"Action", "Version", "Signature", "SecurityToken", "AccessKeyId", "action"} {
		got := s.plan(t, "dts_api_response", arguments{"operation": "DescribeDtsJobs", "parameters": map[string]string{name: "DeleteDtsJob"}})
		if !wrapped(`on AttributeName\("parameters"\) Attribute parameters must not contain "` + name).MatchString(got) {
			t.Errorf("%s: %s", name, got)
		}
	}
	for _, name := range []string{"", "Action ", " Action", "Action\x00", "x-acs-action", "X-Acs-Version", "А" + "ction", "RegionId&Action", "Action[]"} {
		got := s.plan(t, "dts_api_response", arguments{"operation": "DescribeDtsJobs", "parameters": map[string]string{name: "DeleteDtsJob"}})
		if !wrapped(`on AttributeName\("parameters"\) Attribute parameters must not contain .* letters, digits`).MatchString(got) {
			t.Errorf("%q: %s", name, got)
		}
	}
	if requests := api.requests(); len(requests) > 0 {
		t.Errorf("%d requests", len(requests))
	}
}

// TestAPIResponseErrors are those of the other data sources.
func TestAPIResponseErrors(t *testing.T) {
	t.Parallel()
	for response, want := range map[string]string{
		`403 {"Code":"Forbidden.RAM","Message":"denied","RequestId":"R-9"}`:                                     `ERROR: Unable to Request DTS Operation denied\..*operation: DescribeDTSIP.*request ID: R-9.*dts:DescribeDTSIP`,
		`{"Success":false,"ErrCode":"InvalidParameter","ErrMessage":"%s is wrong","DynamicMessage":"RegionId"}`: `on AttributeName\("region"\).*RegionId is wrong`,
		`{"A":` + strings.Repeat("9", 65) + `}`:                                                                 `ERROR: Unable to Request DTS Operation`,
		`{"A":[` + strings.TrimSuffix(strings.Repeat("{},", 200_001), ",") + `]}`:                               `more than .* rows`,
	} {
		s := newSession(t, newFakeAPI(t, func(url.Values) string { return response }).URL)
		if _, diags := s.readState(t, "dts_api_response", arguments{"operation": "DescribeDTSIP"}); !wrapped(want).MatchString(diags) {
			t.Errorf("%.60s: no %s in:\n%s", response, want, diags)
		}
	}
}
