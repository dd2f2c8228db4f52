package provider

import (
	"math/big"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// argumentValues are the arguments of a block as Terraform sent them. The
// schema vouches for their types, so a value of another type is like none.
type argumentValues map[string]tftypes.Value

func arguments(block tftypes.Value) argumentValues {
	var values map[string]tftypes.Value
	if !block.IsKnown() || block.As(&values) != nil {
		return nil
	}
	return values
}

// known is false for a value that exists only after apply.
func (a argumentValues) known(name string) bool {
	value, set := a[name]
	return !set || value.IsFullyKnown()
}

func (a argumentValues) text(name string) string {
	var text *string
	if a.value(name).As(&text) != nil || text == nil {
		return ""
	}
	return *text
}

// flag returns nil when the argument is not set.
func (a argumentValues) flag(name string) *bool {
	var flag *bool
	if a.value(name).As(&flag) != nil {
		return nil
	}
	return flag
}

// isTrue is false for an argument that is not set.
func (a argumentValues) isTrue(name string) bool {
	flag := a.flag(name)
	return flag != nil && *flag
}

// duration returns the fallback for an argument that is not set; the schema
// vouches for its form.
func (a argumentValues) duration(name string, fallback time.Duration) time.Duration {
	if d, err := time.ParseDuration(a.text(name)); err == nil {
		return d
	}
	return fallback
}

func (a argumentValues) number(name string) (number int64, set bool) {
	var float *big.Float
	if a.value(name).As(&float) != nil || float == nil {
		return 0, false
	}
	number, _ = float.Int64()
	return number, true
}

// texts returns the elements of a set in order, nil when it is not set.
func (a argumentValues) texts(name string) []string {
	var values *[]tftypes.Value
	if a.value(name).As(&values) != nil || values == nil {
		return nil
	}
	texts := make([]string, 0, len(*values))
	for _, value := range *values {
		texts = append(texts, argumentValues{name: value}.text(name))
	}
	slices.Sort(texts)
	return texts
}

func (a argumentValues) textMap(name string) map[string]string {
	var values map[string]tftypes.Value
	if a.value(name).As(&values) != nil {
		return nil
	}
	texts := make(map[string]string, len(values))
	for key := range values {
		texts[key] = argumentValues(values).text(key)
	}
	return texts
}

// nested returns the arguments of a block within.
func (a argumentValues) nested(name string) argumentValues { return arguments(a.value(name)) }

// value returns a null for an argument that is not set.
func (a argumentValues) value(name string) tftypes.Value {
	if value, set := a[name]; set && value.IsKnown() {
		return value
	}
	return tftypes.NewValue(tftypes.DynamicPseudoType, nil)
}
