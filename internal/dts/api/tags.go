package api

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Tags are the tags of a job by key. The API sends them as a list of
// {"TagKey", "TagValue"}.
type Tags map[string]string

// tag is a tag as the API sends it.
type tag struct{ TagKey, TagValue string }

// UnmarshalJSONFrom reads the API's list; a tag without a value is "".
func (t *Tags) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	var list []tag
	if err := json.UnmarshalDecode(d, &list); err != nil {
		return err
	}
	*t = make(Tags, len(list))
	for _, tag := range list {
		(*t)[tag.TagKey] = tag.TagValue
	}
	return nil
}
