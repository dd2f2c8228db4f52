package dts

import (
	"maps"
	"net/http"
	"reflect"
	"slices"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/inventory"
	"github.com/google/go-cmp/cmp"
)

// TestDocumentedParameters sends requests with every field set, and holds the
// names and types of what arrives against the documents.
func TestDocumentedParameters(t *testing.T) {
	var arrived []string
	s := dts.NewServer(t, func(w http.ResponseWriter, r *http.Request) {
		arrived = slices.Sorted(maps.Keys(r.URL.Query()))
		_, _ = w.Write([]byte(`{"DtsJobList":[],"State":"Finished"}`))
	})
	for _, test := range []struct {
		operation string
		request   any
		send      func(request any) error
		// notDocumented are known from the service's metadata alone.
		notDocumented []string
	}{
		{"DescribeDtsJobs", filled[JobsRequest](), func(request any) error {
			r := request.(JobsRequest) //nolint:forcetypeassert // It is the request above.
			r.InstanceIDs = nil        // With both, job IDs alone are requested.
			if _, err := dts.ClientOf(s).Jobs(t.Context(), "r", r); err != nil {
				return err
			}
			arrived = slices.Sorted(slices.Values(append(arrived, "DtsInstanceId")))
			return nil
		}, nil},
		{"DescribePreCheckStatus", filled[PrecheckRequest](), func(request any) error {
			_, err := dts.ClientOf(s).Precheck(t.Context(), "r", request.(PrecheckRequest)) //nolint:forcetypeassert // It is the request above.
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
			t.Errorf("%s: -documented +sent:\n%s", test.operation, diff)
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
