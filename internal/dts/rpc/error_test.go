package rpc

import (
	"context"
	"errors"
	"testing"
)

func TestErrorText(t *testing.T) {
	facts := Error{Request: Request{Operation: "DescribeDtsJobs", Region: "cn-hangzhou"}, Endpoint: "dts.cn-hangzhou.aliyuncs.com"}
	for _, test := range []struct {
		name   string
		change func(*Error)
		want   string
	}{
		{"of the API", func(e *Error) {
			e.Status, e.Code, e.Message, e.RequestID, e.Attempts = 403, "DTS.Msg.Forbidden.RAM", "No.", "R-1", 2
			e.Parameters = map[string]string{"DtsJobId": "j1", "JobType": "SYNC"}
		}, "No.; job type: SYNC; job ID: j1; code: DTS.Msg.Forbidden.RAM; HTTP status: 403; request ID: R-1; endpoint: dts.cn-hangzhou.aliyuncs.com; attempts: 2"},
		{"of this side", func(e *Error) { e.Err = errors.New("connection refused") },
			"connection refused; endpoint: dts.cn-hangzhou.aliyuncs.com"},
		{"of both", func(e *Error) { e.Message, e.Err = "Slow down.", context.Canceled },
			"Slow down. (context canceled); endpoint: dts.cn-hangzhou.aliyuncs.com"},
		{"of a code", func(e *Error) { e.Status, e.Code = 400, "X" },
			"X; code: X; HTTP status: 400; endpoint: dts.cn-hangzhou.aliyuncs.com"},
		{"of a status", func(e *Error) { e.Status = 200 },
			"the API reports a failure without a code or a message; HTTP status: 200; endpoint: dts.cn-hangzhou.aliyuncs.com"},
		{"about many IDs", func(e *Error) {
			e.Message, e.Parameters = "No.", map[string]string{"DtsJobId": "a,b,c,d,e", "DtsInstanceId": "a,b,c,d,e,f,g"}
		}, "No.; job ID: a, b, c, d, e; instance ID: a, b, c, d, e and 2 more; endpoint: dts.cn-hangzhou.aliyuncs.com"},
	} {
		e := facts
		test.change(&e)
		if want := "DescribeDtsJobs in region cn-hangzhou failed: " + test.want; e.Error() != want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.name, e.Error(), want)
		}
	}
}

func TestErrorThatEchoesTheRequest(t *testing.T) {
	const long = "Specified signature does not match our calculation. server StringToSign is [ACS3-HMAC-SHA256\n0123], " +
		"server CanonicalRequest is [POST\n/\nPageSize=100]"
	for code, want := range map[string]string{
		"SignatureDoesNotMatch":         "Specified signature does not match our calculation",
		"DTS.Msg.SignatureDoesNotMatch": "Specified signature does not match our calculation",
		"IncompleteSignature":           "Specified signature does not match our calculation",
		"InvalidParameter":              long,
	} {
		e := &Error{Code: code, Message: long}
		if e.Reason() != want || e.RefusesPageSize() != (want == long) || e.Message != long {
			t.Errorf("%s: %s", code, e.Reason())
		}
	}
}

func TestMentionsParameter(t *testing.T) {
	for _, test := range []struct {
		e    Error
		name string
		want bool
	}{
		{Error{Message: "The parameter PageSize is not valid."}, "PageSize", true},
		{Error{Message: "'PageSize' is not valid."}, "PageSize", true},
		{Error{Message: "JobType is not valid."}, "Type", false},
		{Error{DynamicMessage: "Type"}, "Type", true},
		{Error{Message: "No.", DynamicMessage: "Params"}, "Type", false},
		{Error{Code: "IncompleteSignature", Message: "PageSize=1"}, "PageSize", false},
		{Error{Code: "InvalidPageSize", Message: "No."}, "PageSize", true},
		{Error{Message: "invalid pagesize: 100"}, "PageSize", true},
		{Error{Message: "invalid pageNo: 7"}, "PageNumber", true},
		{Error{Message: "The status is not valid."}, "Status", false},
	} {
		if got := test.e.MentionsParameter(test.name); got != test.want {
			t.Errorf("%v mentions %s: %t", test.e, test.name, got)
		}
	}
}

func TestRefusesPaging(t *testing.T) {
	for _, test := range []struct {
		e            Error
		size, number bool
	}{
		{Error{Code: "InvalidParameter"}, false, false},
		{Error{Code: "InvalidPageSize"}, true, false},
		{Error{Code: "InvalidParameter.PageNumber"}, false, true},
		{Error{Code: "InvalidPageNo"}, false, true},
		{Error{Message: "The parameter pageSize is invalid."}, true, false},
		{Error{Message: "参数PageSize不合法"}, true, false},
		{Error{Message: "参数PageNumber不合法"}, false, true},
		{Error{Message: "No page has this size or number."}, false, false},
		{Error{Status: 500, Code: "InternalError", Message: "PageSize and PageNumber"}, false, false},
		{Error{Code: "SignatureDoesNotMatch", Message: "PageNumber=1&PageSize=100"}, false, false},
	} {
		if size, number := test.e.RefusesPageSize(), test.e.RefusesPageNumber(); size != test.size || number != test.number {
			t.Errorf("%v refuses the size: %t, the number: %t", test.e, size, number)
		}
	}
}
