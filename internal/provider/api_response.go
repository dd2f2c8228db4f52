package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"golang.org/x/text/unicode/norm"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

// apiResponseConfig is the configuration of dts_api_response.
type apiResponseConfig struct {
	sourceArguments

	Operation  operation         `arg:"required" doc:"Name of the operation, such as 'DescribeDtsJobDetail'. It must begin with 'Describe', 'List', 'Get', 'Query', 'Search', 'Count' or 'Check'."`
	Parameters map[string]string `doc:"Parameters of the request, sent unchanged. 'RegionId' is added unless it is set."`
}

// apiResponseState is what a read of dts_api_response computes.
type apiResponseState struct {
	ID       string        `tf:"id" doc:"Hash of the arguments."`
	Response tftypes.Value `tf:"response" doc:"Response, with the names that the API has, without the request ID and the other fields of its envelope. Null fields are absent."`
}

var apiResponseShape = shape.Of[apiResponseState]()

var apiResponseSource = source[apiResponseConfig]{
	name: "api_response",
	description: "Provides the response of any read operation of the DTS API, for fields and operations that have no data source. " +
		"Requests are signed, repeated and limited as those of the other data sources. No field is interpreted, and pages are not followed.",
	computed: apiResponseShape,
	validate: validateAPIResponse,
	read: func(ctx context.Context, r *reading[apiResponseConfig]) (any, *shape.Shape, error) {
		parameters := map[string]string{"RegionId": r.region}
		maps.Copy(parameters, r.config.Parameters)
		var response api.Fields
		request := rpc.Request{Operation: string(r.config.Operation), Region: r.region, Parameters: parameters}
		if err := r.client.Call(ctx, request, &response); err != nil {
			return nil, nil, err
		}
		return apiResponseState{ID: hashOf(r.region, r.config.Operation, r.config.Parameters), Response: terraformValue(response.Values)}, apiResponseShape, nil
	},
	failed:   "Unable to Request DTS Operation",
	tooLarge: "DTS Response Exceeds the State Limit",
	fewer:    "Set parameters that request less, such as a smaller page.",
}

// operation is the name of an operation that does not change anything.
type operation string

var readOperation = regexp.MustCompile(`^(Describe|List|Get|Query|Search|Count|Check)[A-Z][A-Za-z0-9]*$`)

// IsValid accepts the names of operations that read.
func (o operation) IsValid() bool { return readOperation.MatchString(string(o)) }

// Constraint describes them.
func (operation) Constraint() string {
	return "the name of an operation that reads, because this provider changes nothing: it begins with Describe, List, Get, Query, Search, Count or Check"
}

// parameterName is the form of the names of parameters, such as Tag.1.Key. It
// excludes the headers of the protocol, and names that a gateway could read as
// another, for example without a space.
var parameterName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9._]*$`)

// validateAPIResponse reports parameters that belong to the protocol, which could
// make a request one of another operation.
func validateAPIResponse(c apiResponseConfig, _ []string, diags *diag.Diagnostics) {
	protocol := []string{
		"AccessKeyId", "Action", "Format", "SecurityToken", "Signature", "SignatureMethod", "SignatureNonce", "SignatureType",
		"SignatureVersion", "Timestamp", "Version",
	}
	for _, name := range slices.Sorted(maps.Keys(c.Parameters)) {
		if slices.ContainsFunc(protocol, func(p string) bool { return strings.EqualFold(p, name) }) {
			addInvalid(diags, path.Root("parameters"),
				"must not contain %q, which the provider sets. The operation is set in operation.", name)
		} else if !parameterName.MatchString(name) {
			addInvalid(diags, path.Root("parameters"),
				"must not contain %q: names of parameters consist of letters, digits, dots and underscores.", name)
		}
	}
}

// terraformValue returns a decoded JSON value as a Terraform value. Objects of one
// list may differ in type, so a list is a tuple.
func terraformValue(v any) tftypes.Value {
	switch v := v.(type) {
	case string:
		return tftypes.NewValue(tftypes.String, v)
	case bool:
		return tftypes.NewValue(tftypes.Bool, v)
	case json.Number:
		number, _, err := big.ParseFloat(v.String(), 10, 512, big.ToNearestEven) // The precision of Terraform.
		if err != nil {
			panic(fmt.Sprintf("provider: %q is not a number: %s", v, err)) // The decoder accepts numbers only.
		}
		return tftypes.NewValue(tftypes.Number, number)
	case []any:
		var elements []tftypes.Value
		var elementTypes []tftypes.Type
		for _, element := range v {
			value := terraformValue(element)
			elements, elementTypes = append(elements, value), append(elementTypes, value.Type())
		}
		return tftypes.NewValue(tftypes.Tuple{ElementTypes: elementTypes}, elements)
	case map[string]any:
		fields, types := map[string]tftypes.Value{}, map[string]tftypes.Type{}
		for _, name := range slices.Sorted(maps.Keys(v)) { // Of two that are normalized to one, the last counts.
			if v[name] != nil {
				normalized := norm.NFC.String(name) // Terraform looks attributes up by it.
				fields[normalized] = terraformValue(v[name])
				types[normalized] = fields[normalized].Type()
			}
		}
		return tftypes.NewValue(tftypes.Object{AttributeTypes: types}, fields)
	}
	return tftypes.NewValue(tftypes.DynamicPseudoType, nil)
}
