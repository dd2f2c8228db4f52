// Package anonymize replaces whatever could tell whose a response is, and leaves
// every other byte as it came.
//
// It fails closed: a value is kept because a rule declares it harmless, not
// replaced because one declares it secret. It works on raw JSON rather than on
// the client's types, because a recording is made for what the service does and
// the types do not foresee.
//
// Read it in this order: [Anonymizer]; the rewriter, which goes through a
// response; location, which is where it is; rules, which declare what is kept; the
// replacer, which tells by its form what a text is; and replacements, which
// remembers what each original is replaced by.
package anonymize

import (
	"encoding/json"
	"errors"
)

// ErrNotJSON is returned for a response that cannot be rewritten.
var ErrNotJSON = errors.New("the response is not JSON")

// Anonymizer rewrites responses. The same original has the same replacement in
// all of them. Give it all responses with [Anonymizer.Learn] before the first is
// rewritten: IDs that are learned together keep their order, so that sorted
// lists stay sorted. It is for one goroutine.
type Anonymizer struct{ replacer *replacer }

// New returns an anonymizer. Two with the same seed choose the same replacements.
// If the seed is empty a random one is used, and then nothing links two
// recordings.
func New(seed string) *Anonymizer { return &Anonymizer{newReplacer(seed)} }

// Learn takes note of what must be replaced in a response.
func (a *Anonymizer) Learn(response []byte) error {
	_, err := a.rewrite(response)
	return err
}

// Rewrite returns the response with everything replaced that is not known to be
// harmless. Field names, order, spaces and types stay.
func (a *Anonymizer) Rewrite(response []byte) ([]byte, error) {
	if err := a.Learn(response); err != nil {
		return nil, err
	}
	a.replacer.replacements.assign()
	return a.rewrite(response)
}

// ID returns the replacement of an ID.
func (a *Anonymizer) ID(id string) string {
	a.replacer.noteID(id)
	a.replacer.replace(id)
	a.replacer.replacements.assign()
	return a.replacer.replace(id)
}

// rewrite goes through a response. What has no replacement yet is noted and
// stays for now.
func (a *Anonymizer) rewrite(response []byte) ([]byte, error) {
	if !json.Valid(response) {
		return nil, ErrNotJSON
	}
	r := rewriter{replacer: a.replacer}
	rewritten := r.document(root, response)
	return rewritten, r.err
}
