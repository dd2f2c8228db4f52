package identity

import (
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// Credentials sign requests.
type Credentials struct {
	AccessKey, Secret string
	Token             string // the account's key has none

	expires time.Time
}

// members are the names that every source gives the parts of credentials.
func (c Credentials) members() []wire.Member {
	return []wire.Member{
		{Name: "AccessKeyId", Value: wire.Quote(c.AccessKey)},
		{Name: "AccessKeySecret", Value: wire.Quote(c.Secret)},
		{Name: "SecurityToken", Value: wire.Quote(c.Token)},
		{Name: "Expiration", Value: wire.Quote(c.expires.UTC().Format(wire.DateLayout))},
	}
}

// document is the response that metadata and credentials URI have in common.
func (c Credentials) document(more ...wire.Member) wire.Response {
	members := append([]wire.Member{{Name: "Code", Value: wire.Quote("Success")}}, c.members()...)
	response := wire.OK(wire.Object(append(members, more...)...))
	response.IsForeign, response.IssuedKey = true, c.AccessKey
	return response
}
