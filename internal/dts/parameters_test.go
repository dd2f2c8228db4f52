package dts

import (
	"maps"
	"net/url"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/inventory"
)

// TestDocumentedParameters sends requests with every field set, and
// compares the names of the parameters that arrive with the documents.
func TestDocumentedParameters(t *testing.T) {
	var arrived []string
	_, c := serve(func(q url.Values) (int, string) {
		arrived = slices.Sorted(maps.Keys(q))
		return 200, `{"DtsJobList":[],"State":"Finished"}`
	})
	for _, test := range []struct {
		operation string
		request   any
		send      func(request any) error
		// notDocumented are known from the service's metadata alone.
		notDocumented []string
	}{
		{"DescribeDtsJobs", filled[api.JobsRequest](), func(request any) error {
			r := request.(api.JobsRequest) //nolint:forcetypeassert // It is the request above.
			r.InstanceIDs = nil            // With both, job IDs alone are requested.
			if _, err := c.Jobs(t.Context(), "r", r); err != nil {
				return err
			}
			arrived = slices.Sorted(slices.Values(append(arrived, "DtsInstanceId")))
			return nil
		}, nil},
		{"DescribePreCheckStatus", filled[api.PrecheckRequest](), func(request any) error {
			_, err := c.Precheck(t.Context(), "r", request.(api.PrecheckRequest)) //nolint:forcetypeassert // It is the request above.
			return err
		}, []string{"ResourceGroupId", "ZeroEtlJob"}},
	} {
		if err := test.send(test.request); err != nil {
			t.Fatal(err)
		}
		want := test.notDocumented
		for _, parameter := range inventory.Parameters(test.operation) {
			if parameter.Name != "Action" { // It is a header.
				want = append(want, parameter.Name)
			}
		}
		slices.Sort(want)
		if diff := cmp.Diff(want, arrived); diff != "" {
			t.Errorf("internal/inventory/%[1]s.parameters.tsv and the request of %[1]s differ: -documented +sent:\n%[2]s", test.operation, diff)
		}
	}
}

// filled returns a struct with every field set.
func filled[T any]() T {
	var filled T
	fill(reflect.ValueOf(&filled).Elem())
	return filled
}

func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]string{"k": "v"}))
	case reflect.String:
		v.SetString("x")
	case reflect.Int64:
		v.SetInt(2)
	case reflect.Bool:
		v.SetBool(true)
	default:
		panic(v.Kind().String())
	}
}
