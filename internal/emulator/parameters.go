package emulator

import (
	"math"
	"net/url"
	"slices"
	"strconv"
)

// oneOf reads a parameter that takes one of a few values, exactly as documented.
func oneOf(p url.Values, name, fallback string, allowed ...string) (string, error) {
	value := firstNonEmpty(p.Get(name), fallback)
	if !slices.Contains(allowed, value) {
		return "", invalidParameter(name)
	}
	return value, nil
}

// positive reads an integer from 1 up to the maximum of the Integer type.
func positive(p url.Values, name string, fallback int) (int, error) {
	text := p.Get(name)
	if text == "" {
		return fallback, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > math.MaxInt32 {
		return 0, invalidParameter(name)
	}
	return n, nil
}

// boolean reads true or false; absent is false.
func boolean(p url.Values, name string) (bool, error) {
	value, err := oneOf(p, name, "false", "true", "false")
	return value == "true", err
}
