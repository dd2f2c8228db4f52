package credentials

import (
	"context"
	"encoding/json"
	"errors"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"time"
)

const (
	// commandTimeout ends a command that waits for a user.
	commandTimeout = time.Minute

	// maxOutput is more than a credential, in bytes.
	maxOutput = 64 << 10
)

// externalSource is the source that runs a command. The output of the command has
// the form of a profile of mode AK or StsToken. It is neither logged nor part of an
// error; standard error is discarded. An output without expiration is used until the
// API reports that the credential has expired.
func externalSource(name, command string) source {
	const advice = "Run the process_command of the profile to see its messages. " +
		"It must print access_key_id and access_key_secret as JSON."
	return source{name: name, advice: advice, fetch: func(ctx context.Context, _ *redactor) (expiring, error) {
		output, err := runCommand(ctx, command)
		if err != nil {
			return expiring{}, err
		}
		var p struct {
			profile
			Expiration string `json:"expiration"`
		}
		switch {
		case json.Unmarshal(output, &p) != nil:
			return expiring{}, newError("the output of the command is not the expected JSON")
		case p.AccessKey == "" || p.SecretKey == "":
			return expiring{}, newError("the output of the command has no access_key_id or no access_key_secret")
		case p.Mode == "StsToken" && p.Token == "":
			return expiring{}, newError("the output of the command has no sts_token")
		}
		got := newCredential("external", p.AccessKey, p.SecretKey, p.Token)
		if p.Expiration == "" {
			return got, nil
		}
		if got.expires, err = time.Parse(time.RFC3339, p.Expiration); err != nil {
			return expiring{}, newError("the expiration in the output of the command is not in RFC 3339 format")
		}
		return got, nil
	}}
}

// runCommand returns the output of a command.
func runCommand(ctx context.Context, command string) ([]byte, error) {
	arguments := splitCommand(command, runtime.GOOS != "windows")
	if len(arguments) == 0 {
		return nil, newError("its process_command is empty or has a quote that is not closed")
	}
	ctx, cancel := context.WithTimeout(ctx, commandTimeout)
	defer cancel()
	var output limitedBuffer
	cmd := exec.CommandContext(ctx, arguments[0], arguments[1:]...)
	cmd.Stdout = &output
	cmd.WaitDelay = time.Second // A child of the command may keep the output open.
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return nil, &Error{Summary: "the command did not end in time", temporary: true}
	case len(output) > maxOutput:
		return nil, newError("the output of the command is longer than 64 KiB")
	case cmd.ProcessState == nil:
		return nil, newError("the command can't be started")
	case err != nil:
		return nil, newError("the command ended with %s", cmd.ProcessState.String())
	}
	return output, nil
}

// limitedBuffer keeps output, and refuses more of it beyond the limit.
type limitedBuffer []byte

func (b *limitedBuffer) Write(p []byte) (int, error) {
	*b = append(*b, p...)
	if len(*b) > maxOutput {
		return 0, errors.New("the output is too long")
	}
	return len(p), nil
}

// splitCommand splits a command into its arguments. Spaces separate arguments
// unless they are quoted; where paths don't contain it, a backslash quotes the
// next character. A quote that is not closed yields no arguments.
func splitCommand(command string, backslashQuotes bool) []string {
	quotes, other := `'[^']*'|"[^"]*"`, `[^'"\s\v\x{85}\pZ]`
	if backslashQuotes {
		quotes, other = `'[^']*'|"(?:\\.|[^"\\])*"|\\.`, `[^'"\\\s\v\x{85}\pZ]`
	}
	quoted, argument := regexp.MustCompile(`(?s)`+quotes), regexp.MustCompile(`(?s)(?:`+quotes+`|`+other+`)+`)
	if strings.TrimSpace(argument.ReplaceAllLiteralString(command, "")) != "" {
		return nil
	}
	arguments := argument.FindAllString(command, -1)
	for i := range arguments {
		arguments[i] = quoted.ReplaceAllStringFunc(arguments[i], func(part string) string {
			switch inner := part[1 : len(part)-1]; {
			case part[0] == '\\':
				return part[1:]
			case part[0] == '"' && backslashQuotes:
				return quotedInQuotes.ReplaceAllString(inner, "$1")
			default:
				return inner
			}
		})
	}
	return arguments
}

// quotedInQuotes is a backslash that quotes a character between double quotes.
var quotedInQuotes = regexp.MustCompile("\\\\([\"\\\\$`])")
