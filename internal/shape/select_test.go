package shape_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

// listing has two lists whose elements do not have the same attributes.
type listing struct {
	Total  *int64  `json:"Total" doc:"Total."`
	Outers []outer `json:"Outers" doc:"Outers."`
	Inners []inner `json:"Inners" doc:"Inners."`
}

func TestSelect(t *testing.T) {
	v := listing{
		Total: ptr(int64(1)),
		Outers: []outer{{
			Base: Base{ItemID: ptr("a")}, Color: ptr(color("red")), Plain: "plain", Tags: map[string]string{"k": "v"},
			Inner: &inner{Text: ptr("text"), Lines: []string{"line"}}, Items: []inner2{{Count: ptr(int64(1))}},
		}},
		Inners: []inner{{Text: ptr("text"), Flag: ptr(true), Lines: []string{"line"}}},
	}
	for _, test := range []struct {
		name     string
		selected []string
		want     listing // the struct that has the same values without a selection
	}{
		{"every attribute", append(shape.Of[outer]().Names(), shape.Of[inner]().Names()...), v},
		{"none", nil, listing{Total: v.Total, Outers: []outer{{}}, Inners: []inner{{}}}},
		{"an attribute of one list", []string{"item_id"}, listing{
			Total: v.Total, Outers: []outer{{Base: v.Outers[0].Base}}, Inners: []inner{{}},
		}},
		{"a list, a map and an object", []string{"tags", "inner", "lines"}, listing{
			Total: v.Total, Outers: []outer{{Tags: v.Outers[0].Tags, Inner: v.Outers[0].Inner}}, Inners: []inner{{Lines: v.Inners[0].Lines}},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := shape.Of[listing]()
			before := object(values(t, s, v)).String()
			selection := s.Select("outers", test.selected).Select("inners", test.selected)
			if diff := cmp.Diff(object(values(t, s, test.want)).String(), object(values(t, selection, v)).String()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if diff := cmp.Diff(before, object(values(t, s, v)).String()); diff != "" {
				t.Errorf("the shape itself changed:\n%s", diff)
			}
		})
	}
}

func TestSelectPanicsWithoutSuchAList(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	shape.Of[listing]().Select("total", nil)
}

func TestNames(t *testing.T) {
	want := []string{"color", "inner", "item_id", "items", "number", "plain", "tags"}
	if diff := cmp.Diff(want, shape.Of[outer]().Names()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// BenchmarkSelect shows that a selection costs what is selected.
func BenchmarkSelect(b *testing.B) {
	v := listing{Outers: make([]outer, 1000)}
	for i := range v.Outers {
		v.Outers[i] = outer{Base: Base{ItemID: ptr("a")}, Color: ptr(color("red")), Inner: &inner{Text: ptr("text")}, Tags: map[string]string{"k": "v"}}
	}
	arguments := map[string]tftypes.Value{}
	for name, s := range map[string]*shape.Shape{
		"all": shape.Of[listing](),
		"one": shape.Of[listing]().Select("outers", []string{"item_id"}),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.MsgPack(v, arguments, math.MaxInt); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
