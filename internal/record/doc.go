// Package record makes fixtures for the emulator out of a user's own account:
// it keeps the answers of the service byte by byte, but for whatever could tell
// whose they are. README.md says what is replaced and what is kept.
//
// It works on raw JSON and not on the client's types, because what the service
// does that the types do not foresee is what a recording is for.
package record
