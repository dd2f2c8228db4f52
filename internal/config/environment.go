package config

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
)

// Error is a value of the environment that an argument can't have. It doesn't
// contain the value, which may be a secret.
type Error struct {
	Path     []string // of the argument that the variable sets
	Variable string
	Cause    error // completes the sentence "… must be"
}

func (e *Error) Error() string {
	return fmt.Sprintf("The environment variable %s sets %s, which must be %s.", e.Variable, Setting{Path: e.Path}.Name(), e.Cause)
}

// fromEnvironment sets what the environment does, in the blocks that are present
// in settings. It returns an error for each value of the wrong form.
func fromEnvironment(settings *Settings, getenv func(string) string) []*Error {
	var failed []*Error
	walk(reflect.ValueOf(settings), nil, func(s Setting, v reflect.Value) {
		if !v.IsZero() {
			return
		}
		for _, variable := range s.Variables {
			text := getenv(variable)
			if text == "" {
				continue
			}
			if err := set(v, text); err != nil {
				failed = append(failed, &Error{s.Path, variable, err})
			}
			return
		}
	})
	return failed
}

// set sets a field from text and checks it.
func set(v reflect.Value, text string) error {
	if v.Kind() == reflect.String {
		v.SetString(text)
		return check(v)
	}
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return errors.New("an integer")
	}
	v.SetInt(number)
	return check(v)
}

func check(v reflect.Value) error {
	if checked, ok := v.Interface().(interface{ Check() error }); ok {
		return checked.Check()
	}
	return nil
}

// keyFamilies lists the variables of access key, secret and token that belong
// together.
func keyFamilies() [][]string {
	var families [][]string
	for _, s := range List() {
		if !slices.Contains([]string{"access_key", "secret_key", "security_token"}, s.Name()) {
			continue
		}
		for i, variable := range s.Variables {
			if i == len(families) {
				families = append(families, nil)
			}
			families[i] = append(families[i], variable)
		}
	}
	return families
}

// oneFamily hides the variables of all families of keys but the first that sets
// an access key, so that no secret or token joins the key of another. A provider
// block with an access key is a separate family, and hides all of them. It
// also returns the variable of the secret in the family that counts.
func oneFamily(getenv func(string) string, block Settings) (visible func(string) string, secret string) {
	var hidden []string
	for _, family := range keyFamilies() {
		if block.AccessKey == "" && secret == "" && getenv(family[0]) != "" {
			secret = family[1]
			continue
		}
		hidden = append(hidden, family...)
	}
	return func(variable string) string {
		if slices.Contains(hidden, variable) {
			return ""
		}
		return getenv(variable)
	}, secret
}
