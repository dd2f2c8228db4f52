package record

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	mathrand "math/rand/v2"
)

// ErrNotJSON is a body that can't be rewritten, and so is not kept.
var ErrNotJSON = errors.New("not JSON")

// Anonymiser rewrites answers. It remembers each original, so that the same
// original has the same replacement in all of them. Give it all answers to
// [Anonymiser.Learn] before the first is rewritten: ids that are learned together
// keep their order, so that sorted lists stay sorted. It is for one goroutine.
type Anonymiser struct {
	salt   []byte
	random *mathrand.Rand

	replacements map[string]string
	waiting      map[string]kind // originals without a replacement yet
	originals    map[string]bool // no replacement may look like one of them
	ids          map[string]bool // originals that a field says are ids
	used         map[string]bool // replacements
	numbers      map[kind]*numbering
}

// NewAnonymiser returns an anonymiser. Two with the same seed do the same; an
// empty seed is a random one, and then nothing links two recordings.
func NewAnonymiser(seed string) *Anonymiser {
	salt := sha256.Sum256([]byte(seed))
	if seed == "" {
		_, _ = rand.Read(salt[:]) // It never fails.
	}
	return &Anonymiser{
		salt:         salt[:],
		random:       mathrand.New(mathrand.NewChaCha8(salt)),
		replacements: map[string]string{},
		waiting:      map[string]kind{},
		originals:    map[string]bool{},
		ids:          map[string]bool{},
		used:         map[string]bool{},
		numbers:      map[kind]*numbering{},
	}
}

// Learn takes in what must be replaced in an answer.
func (a *Anonymiser) Learn(answer []byte) error {
	_, err := a.walk(answer)
	return err
}

// Rewrite returns the answer with everything replaced that is not known to be
// harmless. Names of fields, order, spaces and types stay as they are.
func (a *Anonymiser) Rewrite(answer []byte) ([]byte, error) {
	if err := a.Learn(answer); err != nil {
		return nil, err
	}
	a.settle()
	return a.walk(answer)
}

// ID returns what an id is replaced by.
func (a *Anonymiser) ID(id string) string {
	a.ids[id] = true
	a.replace(id)
	a.settle()
	return a.replace(id)
}

// walk goes through an answer. What has no replacement yet is noted and stays.
func (a *Anonymiser) walk(answer []byte) ([]byte, error) {
	if !json.Valid(answer) {
		return nil, ErrNotJSON
	}
	w := &walker{anonymiser: a, in: answer}
	w.space()
	w.value(place{in: answers})
	w.space()
	return w.out, nil
}

// leaf returns the replacement of an original, or the original itself, which
// then waits for one. What was first seen as one kind stays of that kind.
func (a *Anonymiser) leaf(k kind, original string) string {
	a.originals[original] = true
	if replacement, known := a.replacements[original]; known {
		return replacement
	}
	if _, waits := a.waiting[original]; !waits {
		a.waiting[original] = k
	}
	return original
}

// secretOrder is a key to sort by that tells nothing about the original.
func (a *Anonymiser) secretOrder(original string) string {
	mac := hmac.New(sha256.New, a.salt)
	mac.Write([]byte(original))
	return string(mac.Sum(nil))
}
