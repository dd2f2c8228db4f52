package shape_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

type color string

func (color) Known() []string { return []string{"red", "blue"} }

type base struct {
	ItemID *string `json:"ItemID" doc:"ID."`
}

// Base is exported since reflection can't read through an embedded struct that
// is not.
type Base = base

type inner struct {
	Text  *string  `json:"Text" doc:"Text."`
	Flag  *bool    `json:"Flag" doc:"Flag."`
	Lines []string `json:"Lines" doc:"Lines."`
	Deep  *inner2  `json:"Deep" doc:"Deep."`
}

type inner2 struct {
	Count *int64 `json:"Count" doc:"Count."`
}

type outer struct {
	Base

	Color  *color            `json:"Color" doc:"Color."`
	Number *json.Number      `json:"Number" doc:"Number."`
	Tags   map[string]string `json:"TagList" tf:"tags" doc:"Tags."`
	Plain  string            `json:"Plain" doc:"Plain."`
	Inner  *inner            `json:"Inner" doc:"Inner."`
	Items  []inner2          `json:"Items" doc:"Items."`
}

func ptr[T any](v T) *T { return &v }

func TestAttributes(t *testing.T) {
	s := schema.Schema{Attributes: shape.Of[outer]().Attributes()}
	if diags := s.ValidateImplementation(context.Background()); diags.HasError() {
		t.Fatal(diags)
	}
	types := map[string]string{}
	for name, attribute := range s.Attributes {
		if !attribute.IsComputed() || attribute.IsOptional() || attribute.IsRequired() {
			t.Errorf("%s is not only computed", name)
		}
		types[name] = attribute.GetType().TerraformType(t.Context()).String()
	}
	want := map[string]string{
		"item_id": "tftypes.String",
		"color":   "tftypes.String",
		"number":  "tftypes.Number",
		"tags":    "tftypes.Map[tftypes.String]",
		"plain":   "tftypes.String",
		"inner":   `tftypes.Object["deep":tftypes.Object["count":tftypes.Number], "flag":tftypes.Bool, "lines":tftypes.List[tftypes.String], "text":tftypes.String]`,
		"items":   `tftypes.List[tftypes.Object["count":tftypes.Number]]`,
	}
	if diff := cmp.Diff(want, types); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got, want := s.Attributes["color"].GetMarkdownDescription(), "Color. Known values: `red`, `blue`."; got != want {
		t.Errorf("description %q, want %q", got, want)
	}
}

func TestValues(t *testing.T) {
	for _, test := range []struct {
		name  string
		value outer
		want  map[string]string // attributes that differ from those of outer{}
	}{
		{"nothing", outer{}, nil},
		{"embedded field", outer{Base: Base{ItemID: ptr("a")}}, map[string]string{"item_id": `tftypes.String<"a">`}},
		{"empty string stays", outer{Base: Base{ItemID: ptr("")}}, map[string]string{"item_id": `tftypes.String<"">`}},
		{"named string", outer{Color: ptr(color("green"))}, map[string]string{"color": `tftypes.String<"green">`}},
		{"map", outer{Tags: map[string]string{"a": ""}}, map[string]string{"tags": `tftypes.Map[tftypes.String]<"a":tftypes.String<"">>`}},
		{"empty object is null", outer{Inner: &inner{}}, nil},
		{"object without a value is null", outer{Inner: &inner{Text: ptr(""), Lines: []string{}, Deep: &inner2{}}}, nil},
		{"false is a value", outer{Inner: &inner{Flag: ptr(false)}},
			map[string]string{"inner": inObject(`"deep":` + nullDeep + `, "flag":tftypes.Bool<"false">, "lines":` + noLines + `, "text":tftypes.String<null>`)}},
		{"zero is a value", outer{Inner: &inner{Deep: &inner2{Count: ptr(int64(0))}}},
			map[string]string{"inner": inObject(`"deep":tftypes.Object["count":tftypes.Number]<"count":tftypes.Number<"0">>, "flag":tftypes.Bool<null>, "lines":` + noLines + `, "text":tftypes.String<null>`)}},
		{"a list with an element is a value", outer{Inner: &inner{Lines: []string{""}}},
			map[string]string{"inner": inObject(`"deep":` + nullDeep + `, "flag":tftypes.Bool<null>, "lines":tftypes.List[tftypes.String]<tftypes.String<"">>, "text":tftypes.String<null>`)}},
		{"list elements are never null", outer{Items: []inner2{{}, {Count: ptr(int64(7))}}},
			map[string]string{"items": `tftypes.List[tftypes.Object["count":tftypes.Number]]<tftypes.Object["count":tftypes.Number]<"count":tftypes.Number<null>>, tftypes.Object["count":tftypes.Number]<"count":tftypes.Number<"7">>>`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := map[string]string{
				"item_id": "tftypes.String<null>",
				"color":   "tftypes.String<null>",
				"number":  "tftypes.Number<null>",
				"tags":    "tftypes.Map[tftypes.String]<>",
				"plain":   `tftypes.String<"">`,
				"inner":   innerType + "<null>",
				"items":   `tftypes.List[tftypes.Object["count":tftypes.Number]]<>`,
			}
			for name, value := range test.want {
				want[name] = value
			}
			if diff := cmp.Diff(want, rendered(values(t, shape.Of[outer](), test.value))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func values(t *testing.T, s *shape.Shape, v any) map[string]tftypes.Value {
	t.Helper()
	values, err := s.Values(v)
	if err != nil {
		t.Fatal(err)
	}
	return values
}

func rendered(values map[string]tftypes.Value) map[string]string {
	strings := map[string]string{}
	for name, value := range values {
		strings[name] = value.String()
	}
	return strings
}

const (
	innerType = `tftypes.Object["deep":tftypes.Object["count":tftypes.Number], "flag":tftypes.Bool, "lines":tftypes.List[tftypes.String], "text":tftypes.String]`
	nullDeep  = `tftypes.Object["count":tftypes.Number]<null>`
	noLines   = `tftypes.List[tftypes.String]<>`
)

func inObject(values string) string { return innerType + "<" + values + ">" }

func TestNumbersEqualTheirLiterals(t *testing.T) {
	if count := int64(math.MaxInt64); !values(t, shape.Of[inner2](), inner2{Count: &count})["count"].Equal(tftypes.NewValue(tftypes.Number, count)) {
		t.Error("an integer is not exact")
	}
	for _, literal := range []string{
		"0", "-1", "1.5", "0.1", "9223372036854775.807", "9223372036854775807", "-9223372036854775808",
		"123456789012345678901234567890.123456789", "1e3", "1e-30",
	} {
		v := outer{Number: ptr(json.Number(literal))}
		want, _, err := big.ParseFloat(literal, 10, 512, big.ToNearestEven)
		if err != nil {
			t.Fatal(err)
		}
		if got := values(t, shape.Of[outer](), v)["number"]; !got.Equal(tftypes.NewValue(tftypes.Number, want)) {
			t.Errorf("%s is %s", literal, got)
		}
	}
	if _, err := shape.Of[outer]().Values(outer{Number: ptr(json.Number("1.2.3"))}); err == nil {
		t.Error("no error for a number that is none")
	}
}

func TestMsgPackWithArguments(t *testing.T) {
	arguments := map[string]tftypes.Value{
		"argument": tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, []tftypes.Value{tftypes.NewValue(tftypes.String, "a")}),
		"unset":    tftypes.NewValue(tftypes.Bool, nil),
		"count":    tftypes.NewValue(tftypes.Number, nil), // Computed, too.
	}
	encoded, err := shape.Of[inner2]().MsgPack(inner2{Count: ptr(int64(7))}, arguments, math.MaxInt)
	if err != nil {
		t.Fatal(err)
	}
	got, err := tfprotov6.DynamicValue{MsgPack: encoded}.Unmarshal(tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"argument": tftypes.Set{ElementType: tftypes.String}, "unset": tftypes.Bool, "count": tftypes.Number,
	}})
	if err != nil {
		t.Fatal(err)
	}
	const want = `<"argument":tftypes.Set[tftypes.String]<tftypes.String<"a">>, "count":tftypes.Number<"7">, "unset":tftypes.Bool<null>>`
	if !strings.HasSuffix(got.String(), want) {
		t.Errorf("got %s", got)
	}
}

func TestMsgPackLimit(t *testing.T) {
	s, v := shape.Of[outer](), outer{Plain: "text"}
	complete, err := s.MsgPack(v, nil, math.MaxInt)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.MsgPack(v, nil, len(complete)); err != nil {
		t.Errorf("refused under a limit of its own size: %v", err)
	}
	var tooLarge *shape.SizeError
	if _, err := s.MsgPack(v, nil, len(complete)-1); !errors.As(err, &tooLarge) || tooLarge.Size != len(complete) {
		t.Errorf("error %v for %d bytes", err, len(complete))
	}
}

func TestOfPanics(t *testing.T) {
	for name, of := range map[string]func(){
		"a type without an attribute": func() { shape.Of[struct{ A chan int }]() },
		"the same name twice": func() {
			shape.Of[struct {
				A string `json:"Name"`
				B string `tf:"name"`
			}]()
		},
		"a type without an argument": func() { shape.Arguments[struct{ A complex128 }]() },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			of()
		})
	}
}

func ExampleOf() {
	type endpoint struct {
		InstanceID *string `json:"InstanceID" doc:"ID of the database instance."`
		Port       *int64  `json:"Port" doc:"Service port."`
	}
	s := shape.Of[endpoint]()
	fmt.Println(s.Attributes()["instance_id"].GetMarkdownDescription())
	values, err := s.Values(endpoint{Port: ptr(int64(3306))})
	fmt.Println(values, err)
	// Output:
	// ID of the database instance.
	// map[instance_id:tftypes.String<null> port:tftypes.Number<"3306">] <nil>
}
