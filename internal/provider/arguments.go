package provider

import (
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

// argument is an argument of a data source that goes to the API as written,
// under its name in CamelCase.
type argument struct {
	name, doc string
	required  bool
	flag      bool     // a bool, else a string
	known     []string // documented values; others are sent with a warning
	closed    bool     // whether other values are an error
	computed  bool     // whether the default stands in state when unset
}

// parameter is the argument's name in the API.
func (a argument) parameter() string {
	var b strings.Builder
	for word := range strings.SplitSeq(a.name, "_") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

func (a argument) attribute() schema.Attribute {
	if a.flag {
		return schema.BoolAttribute{Optional: true, MarkdownDescription: a.doc}
	}
	s := schema.StringAttribute{Required: a.required, Optional: !a.required, Computed: a.computed, MarkdownDescription: a.doc + shape.KnownValues(a.known)}
	switch {
	case a.closed:
		s.Validators = []validator.String{closedList(a.known...)}
	case a.known != nil:
		s.Validators = []validator.String{openList(a.known...)}
	case a.required:
		s.Validators = []validator.String{notEmpty{}}
	}
	return s
}

// send returns the value to send; an empty string is as good as none.
func (a argument) send(values argumentValues) (string, bool) {
	if a.flag {
		flag := values.flag(a.name)
		return strconv.FormatBool(flag != nil && *flag), flag != nil
	}
	text := values.text(a.name)
	return text, text != ""
}

// parametersOf returns what to send of the arguments, by API name.
func parametersOf(list []argument, values argumentValues) map[string]string {
	parameters := map[string]string{}
	for _, a := range list {
		if value, set := a.send(values); set {
			parameters[a.parameter()] = value
		}
	}
	return parameters
}

// parameterNames names the argument behind each parameter.
func parameterNames(list []argument) map[string]string {
	names := map[string]string{}
	for _, a := range list {
		names[a.parameter()] = a.name
	}
	return names
}
