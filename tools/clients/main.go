// Command clients reads the emulator's account with one of the official Go
// clients, and prints what that client returned as JSON:
//
//	clients CLIENT HOST:PORT ACCESS_KEY SECRET_KEY
//
// It is clients.js for Go. internal/emulator compares what both print with what
// the emulator serves. It is a separate module, so that nothing else depends on
// these clients.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	util "github.com/alibabacloud-go/tea-utils/v2/service"
	"github.com/alibabacloud-go/tea/tea"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	sdkerrors "github.com/aliyun/alibaba-cloud-sdk-go/sdk/errors"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
)

const version = "2020-01-01"

// request sends one request and returns the response.
type request func(action string, query map[string]string) (map[string]any, error)

// clients are the official clients, by the name of their module.
var clients = map[string]func(endpoint, accessKey, secretKey string) (request, error){
	"darabonba-openapi":    newOpenAPI,
	"alibaba-cloud-sdk-go": newClassic,
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 4 {
		return errors.New("usage: clients CLIENT HOST:PORT ACCESS_KEY SECRET_KEY")
	}
	newClient, known := clients[args[0]]
	if !known {
		return fmt.Errorf("unknown client %q", args[0])
	}
	send, err := newClient(args[1], args[2], args[3])
	if err != nil {
		return err
	}
	result, err := read(send)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(result)
}

// read reads what the test compares.
func read(send request) (map[string]any, error) {
	result := map[string]any{}
	for name, query := range map[string]map[string]string{
		"first":    {"PageSize": "20", "PageNumber": "1"},
		"second":   {"PageSize": "20", "PageNumber": "2"},
		"filtered": {"PageSize": "50", "Type": "name", "Params": "订单"},
	} {
		query["RegionId"] = "cn-hangzhou"
		response, err := send("DescribeDtsJobs", query)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		result[name] = jobIDs(response)
	}
	precheck, err := send("DescribePreCheckStatus", map[string]string{"RegionId": "cn-hangzhou", "DtsJobId": "failed", "JobCode": "01"})
	if err != nil {
		return nil, err
	}
	result["state"] = precheck["State"]
	detail, err := send("DescribeDtsJobDetail", map[string]string{"RegionId": "cn-hangzhou", "DtsJobId": "k2fm11x9d8t12ab"})
	if err != nil {
		return nil, err
	}
	result["detail"] = detail["DtsJobName"]
	_, err = send("DescribePreCheckStatus", map[string]string{"RegionId": "cn-hangzhou", "DtsJobId": "nobody", "JobCode": "01"})
	result["error"] = codeOf(err)
	return result, nil
}

func jobIDs(response map[string]any) []any {
	ids := []any{}
	jobs, _ := response["DtsJobList"].([]any)
	for _, job := range jobs {
		fields, _ := job.(map[string]any)
		ids = append(ids, fields["DtsJobId"])
	}
	return ids
}

// codeOf returns the API's code of an error, as each client has it.
func codeOf(err error) string {
	var teaError *tea.SDKError
	if errors.As(err, &teaError) {
		return tea.StringValue(teaError.Code)
	}
	var classic *sdkerrors.ServerError
	if errors.As(err, &classic) {
		return classic.ErrorCode()
	}
	return fmt.Sprint(err)
}

// newOpenAPI is the core of the present typed clients.
func newOpenAPI(endpoint, accessKey, secretKey string) (request, error) {
	client, err := openapi.NewClient(&openapi.Config{AccessKeyId: &accessKey, AccessKeySecret: &secretKey, Endpoint: &endpoint, Protocol: tea.String("HTTP")})
	if err != nil {
		return nil, err
	}
	return func(action string, query map[string]string) (map[string]any, error) {
		params := &openapi.Params{
			Action: &action, Version: tea.String(version), Protocol: tea.String("HTTP"), Pathname: tea.String("/"), Method: tea.String("POST"),
			AuthType: tea.String("AK"), Style: tea.String("RPC"), ReqBodyType: tea.String("formData"), BodyType: tea.String("json"),
		}
		pointers := map[string]*string{}
		for name, value := range query {
			pointers[name] = &value
		}
		response, err := client.CallApi(params, &openapi.OpenApiRequest{Query: pointers}, &util.RuntimeOptions{})
		if err != nil {
			return nil, err
		}
		body, _ := response["body"].(map[string]any)
		return body, nil
	}, nil
}

// newClassic is the classic SDK.
func newClassic(endpoint, accessKey, secretKey string) (request, error) {
	client, err := sdk.NewClientWithAccessKey("cn-hangzhou", accessKey, secretKey)
	if err != nil {
		return nil, err
	}
	return func(action string, query map[string]string) (map[string]any, error) {
		common := requests.NewCommonRequest()
		common.Method, common.Scheme, common.Domain, common.Version, common.ApiName = "POST", "http", endpoint, version, action
		common.QueryParams = query
		response, err := client.ProcessCommonRequest(common)
		if err != nil {
			return nil, err
		}
		var body map[string]any
		return body, json.Unmarshal(response.GetHttpContentBytes(), &body)
	}, nil
}
