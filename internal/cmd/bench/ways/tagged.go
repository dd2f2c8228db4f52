package main

import (
	"cmp"
	"encoding/json"
	"math/big"
	"reflect"

	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

// tagged returns shapes as structs with tfsdk tags, as one would write them
// for the framework.
func tagged(shapes any) any {
	v := reflect.ValueOf(shapes)
	target := reflect.New(taggedType(v.Type())).Elem()
	copyTo(target, v)
	return target.Interface()
}

var taggedTypes = map[reflect.Type]reflect.Type{reflect.TypeFor[json.Number](): reflect.TypeFor[big.Float]()}

func taggedType(t reflect.Type) reflect.Type {
	if taggedTypes[t] != nil {
		return taggedTypes[t]
	}
	tagged := t
	switch t.Kind() {
	case reflect.Pointer:
		tagged = reflect.PointerTo(taggedType(t.Elem()))
	case reflect.Slice:
		tagged = reflect.SliceOf(taggedType(t.Elem()))
	case reflect.Struct:
		var fields []reflect.StructField
		for _, f := range reflect.VisibleFields(t) {
			if !f.Anonymous {
				name := cmp.Or(f.Tag.Get("tf"), shape.Snake(f.Tag.Get("json")))
				fields = append(fields, reflect.StructField{Name: f.Name, Type: taggedType(f.Type), Tag: reflect.StructTag(`tfsdk:"` + name + `"`)})
			}
		}
		tagged = reflect.StructOf(fields)
	}
	taggedTypes[t] = tagged
	return tagged
}

// copyTo copies a value to one of its tagged type.
func copyTo(target, v reflect.Value) {
	switch {
	case v.Type() == target.Type():
		target.Set(v)
	case v.Type() == reflect.TypeFor[json.Number]():
		number, _ := new(big.Float).SetString(v.String())
		target.Set(reflect.ValueOf(*number))
	case v.Kind() == reflect.Pointer && !v.IsNil():
		target.Set(reflect.New(target.Type().Elem()))
		copyTo(target.Elem(), v.Elem())
	case v.Kind() == reflect.Slice:
		target.Set(reflect.MakeSlice(target.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			copyTo(target.Index(i), v.Index(i))
		}
	case v.Kind() == reflect.Struct:
		for i := range target.NumField() {
			copyTo(target.Field(i), v.FieldByName(target.Type().Field(i).Name))
		}
	}
}
