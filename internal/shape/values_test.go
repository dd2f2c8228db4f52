package shape_test

import (
	"encoding/json"
	"math"
	"math/big"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dts-community/terraform-provider-dts/internal/shape"
	"github.com/dts-community/terraform-provider-dts/internal/tag"
)

// TestRandomValues encodes random structs and compares what Terraform decodes
// with a plain statement of the rules for null.
func TestRandomValues(t *testing.T) {
	var objects, nulls int
	for seed := range uint64(500) {
		var v listing
		fill(rand.New(rand.NewPCG(seed, 0)), reflect.ValueOf(&v).Elem())
		want := expected(reflect.ValueOf(v))
		got := plain(t, object(values(t, shape.Of[listing](), v)))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("seed %d: -want +got:\n%s", seed, diff)
		}
		for _, o := range v.Outers {
			if o.Inner != nil && expected(reflect.ValueOf(o))["inner"] == nil {
				nulls++
			} else if o.Inner != nil {
				objects++
			}
		}
	}
	if objects < 20 || nulls < 20 {
		t.Errorf("%d objects with a value, %d without", objects, nulls)
	}
}

// expected returns the attributes of a struct in plain Go.
func expected(v reflect.Value) map[string]any {
	attributes := map[string]any{}
	for _, f := range reflect.VisibleFields(v.Type()) {
		if !f.Anonymous {
			attributes[tag.Name(f)] = expectedValue(v.FieldByIndex(f.Index))
		}
	}
	return attributes
}

func expectedValue(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		if attributes, ok := expectedValue(v.Elem()).(map[string]any); ok {
			for _, value := range attributes {
				if list, ok := value.([]any); value != nil && value != "" && (!ok || len(list) > 0) {
					return attributes
				}
			}
			return nil
		}
		return expectedValue(v.Elem())
	case reflect.Struct:
		return expected(v)
	case reflect.Slice:
		list := []any{}
		for i := range v.Len() {
			list = append(list, expectedValue(v.Index(i)))
		}
		return list
	case reflect.Map:
		elements := map[string]any{}
		for i := v.MapRange(); i.Next(); {
			elements[i.Key().String()] = i.Value().String()
		}
		return elements
	case reflect.Int64:
		return new(big.Float).SetInt64(v.Int()).Text('g', -1)
	case reflect.Bool:
		return v.Bool()
	}
	if number, ok := v.Interface().(json.Number); ok {
		decimal, _, _ := big.ParseFloat(number.String(), 10, 512, big.ToNearestEven)
		return decimal.Text('g', -1)
	}
	return v.String()
}

// plain returns a value of Terraform in the same form.
func plain(t *testing.T, value tftypes.Value) any {
	t.Helper()
	if value.IsNull() {
		return nil
	}
	as := func(into any) {
		if err := value.As(into); err != nil {
			t.Fatal(err)
		}
	}
	switch of := value.Type(); {
	case of.Is(tftypes.String):
		var text string
		as(&text)
		return text
	case of.Is(tftypes.Bool):
		var flag bool
		as(&flag)
		return flag
	case of.Is(tftypes.Number):
		var number big.Float
		as(&number)
		return number.Text('g', -1)
	case of.Is(tftypes.List{}):
		var elements []tftypes.Value
		as(&elements)
		list := []any{}
		for _, element := range elements {
			list = append(list, plain(t, element))
		}
		return list
	}
	var elements map[string]tftypes.Value
	as(&elements)
	attributes := map[string]any{}
	for name, element := range elements {
		attributes[name] = plain(t, element)
	}
	return attributes
}

// fill gives v a random value: none, an empty one, or others up to the limits
// of their encodings. All of a struct is dense or sparse, so that some structs
// have no value at all.
func fill(r *rand.Rand, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[json.Number]() {
			v.SetString(pick(r, "0", "-7", "1.24", "0.1", "9223372036854775807", "123456789012345678901234567890", "1e-7"))
			return
		}
		v.SetString(pick(r, "", "text", "订单", "\x00", strings.Repeat("x", pick(r, 31, 32, 255, 256, 65535, 65536))))
	case reflect.Int64:
		v.SetInt(pick[int64](r, 0, 1, -1, -32, -33, 127, 128, 1<<53+1, math.MaxInt64, math.MinInt64))
	case reflect.Bool:
		v.SetBool(pick(r, true, false))
	case reflect.Struct:
		for i, sparse := 0, pick(r, 0, 1, 2, 50); i < v.NumField(); i++ {
			if v.Type().Field(i).Anonymous || r.IntN(sparse+1) == 0 {
				fill(r, v.Field(i))
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(r, v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), pick(r, 0, 1, 2), 2))
		for i := range v.Len() {
			fill(r, v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]string{"k": "v", "": pick(r, "", "x")}))
	}
}

func pick[T any](r *rand.Rand, values ...T) T { return values[r.IntN(len(values))] }
