package verdict

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// Explanation describes a precheck item and how to fix its failure. The service
// often sends bare keys.
type Explanation struct {
	Key     string `json:"key"` // short name of the item, or name of the sub-job
	Title   string `json:"title"`
	Checks  string `json:"checks"`
	Causes  string `json:"causes"`
	Fix     string `json:"fix"`
	HelpURL string `json:"help_url"`

	// MessageKeys are keys that occur in the item's messages and repair
	// method. They do not identify the item: CHECK_ERROR_DEST_CONN_REPAIR2
	// occurs with CHECK_CONN_SRC.
	MessageKeys []string `json:"message_keys,omitempty"`

	// Mapping is how the key is known to mean the item: "documented" by
	// Alibaba Cloud, or clear "by name" from the documented items.
	Mapping string `json:"mapping"`
}

//go:embed explanations.json
var explanationsJSON []byte

// Explanations returns the explanations of all items that are known.
func Explanations() []Explanation {
	var list []Explanation
	if err := json.Unmarshal(explanationsJSON, &list); err != nil {
		panic(fmt.Sprintf("explanations.json: %s", err)) // A test of any use shows it.
	}
	return list
}

var explanationsByKey = sync.OnceValue(func() map[string]*Explanation {
	byKey := map[string]*Explanation{}
	for _, e := range Explanations() {
		byKey[e.Key] = &e
	}
	return byKey
})

// explanationOf looks an item up by its short name, else by its name, which is
// the same key with a suffix. It returns nil for an item that is not known.
func explanationOf(item, name *string) *Explanation {
	for _, key := range []*string{item, name} {
		if e := explanationsByKey()[strings.TrimSuffix(line(key), "_DETAIL")]; e != nil {
			return e
		}
	}
	return nil
}

// meaning is the purpose of the item and why it may fail.
func (e Explanation) meaning() string { return e.Checks + " Possible causes: " + e.Causes }

// isKey reports a message that is a key, such as CHECK__ERROR_SAME_OBJ, rather
// than a sentence in any language; or nothing at all.
var isKey = regexp.MustCompile(`^([A-Za-z0-9_.-]*[A-Za-z0-9_-])?$`).MatchString
