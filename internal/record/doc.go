// Package record makes fixtures for the emulator from an account: the responses
// of the service byte for byte, except for whatever could tell whose they are.
// README.md lists what is replaced and what is kept.
//
// It works on raw JSON and not on the client's types, because a recording is
// made for what the service does and the types do not foresee.
package record
