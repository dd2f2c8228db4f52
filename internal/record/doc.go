// Package record makes fixtures for the emulator from the responses of an
// account. Numbers, times and documented values stay; every other string is
// replaced by a keyed hash, and fields without documentation are removed.
// README.md has the rules.
package record
