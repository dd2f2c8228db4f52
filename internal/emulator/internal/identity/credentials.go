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
	caller  caller
}

// accountID is the ID of the emulator's own account.
const accountID = "1000000000000001"

// roleID is the ID of every role.
const roleID = "300000000000000001"

// caller is who uses credentials: the session of a role, or the account itself.
type caller struct{ account, role, session string }

// members describe the caller as GetCallerIdentity does.
func (c caller) members() []wire.Member {
	text := func(name, value string) wire.Member { return wire.Member{Name: name, Value: wire.Quote(value)} }
	if c.role == "" {
		return []wire.Member{
			text("IdentityType", "Account"), text("AccountId", accountID), text("UserId", accountID),
			text("PrincipalId", accountID), text("Arn", "acs:ram::"+accountID+":root"),
		}
	}
	return []wire.Member{
		text("IdentityType", "AssumedRoleUser"), text("AccountId", c.account), text("RoleId", roleID),
		text("PrincipalId", roleID+":"+c.session), text("Arn", "acs:sts::"+c.account+":assumed-role/"+c.role+"/"+c.session),
	}
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
