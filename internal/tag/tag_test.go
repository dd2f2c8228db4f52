package tag_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/tag"
)

type open string

func (open) Known() []string { return []string{"red", "blue"} }

type closed string

func (closed) Valid() []string { return []string{"up", "down"} }

func TestField(t *testing.T) {
	type fields struct {
		OfTf    string  `tf:"tf_name" param:"Param" json:"Other" known:"a,b"`
		OfParam string  `param:"DtsJobId,JobId" json:"JSON" valid:"a"`
		OfJSON  *open   `json:"DtsInstanceID"`
		OfGoID  []open  `known:"not,used"`
		Closed  closed  `known:"not,used"`
		Any     *int64  `doc:"Any."`
		Pointer *string `known:"N,Y"`
	}
	for name, want := range map[string]string{
		"OfTf": "tf_name: a b", "OfParam": "dts_job_id: a, closed", "OfJSON": "dts_instance_id: red blue", "OfGoID": "of_go_id: red blue",
		"Closed": "closed: up down, closed", "Any": "any: ", "Pointer": "pointer: N Y",
	} {
		f, _ := reflect.TypeFor[fields]().FieldByName(name)
		values, isClosed := tag.Values(f)
		got := tag.Name(f) + ": " + strings.Join(values, " ")
		if isClosed {
			got += ", closed"
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}
