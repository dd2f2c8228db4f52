package credentials

import (
	"context"
	"encoding/json"
	"errors"
	"os/exec"
	"runtime"
	"strings"
	"time"
	"unicode"
)

const (
	// commandTimeout ends a command that waits for a user.
	commandTimeout = time.Minute

	// maxOutput is more than a credential, in bytes.
	maxOutput = 64 << 10
)

// externalSource is the source that runs a command. The output of the command is
// parsed, and neither logged nor part of an error; its standard error is
// discarded.
func externalSource(name, advice, command string) source {
	return source{name: name, advice: advice, fetch: func(ctx context.Context, seen *redactor) (expiring, error) {
		arguments := splitCommand(command, runtime.GOOS != "windows")
		if len(arguments) == 0 {
			return expiring{}, &failure{text: "its process_command is empty or has a quote that is not closed"}
		}
		ctx, cancel := context.WithTimeout(ctx, commandTimeout)
		defer cancel()
		output := limitedBuffer{}
		cmd := exec.CommandContext(ctx, arguments[0], arguments[1:]...)
		cmd.Stdout = &output
		cmd.WaitDelay = time.Second // A child of the command may keep the output open.
		err := cmd.Run()
		switch {
		case ctx.Err() != nil:
			return expiring{}, &failure{text: "the command did not end in time", temporary: true}
		case output.isFull:
			return expiring{}, &failure{text: "the output of the command is longer than 64 KiB"}
		case err != nil:
			return expiring{}, err
		}
		return parseOutput(output.text, seen)
	}}
}

// parseOutput returns the credential in the output of a command, which has the
// form of a profile of mode AK or StsToken. An output without expiration is used
// until the API reports that the credential has expired.
func parseOutput(output []byte, seen *redactor) (expiring, error) {
	var p struct {
		profile
		Expiration string `json:"expiration"`
	}
	err := json.Unmarshal(output, &p)
	seen.add(p.secrets()...)
	switch {
	case err != nil:
		return expiring{}, &failure{text: "the output of the command is not the expected JSON"}
	case p.AccessKey == "" || p.SecretKey == "":
		return expiring{}, &failure{text: "the output of the command has no access_key_id or no access_key_secret"}
	case p.Mode == "StsToken" && p.Token == "":
		return expiring{}, &failure{text: "the output of the command has no sts_token"}
	}
	got := newCredential("external", p.AccessKey, p.SecretKey, p.Token)
	if p.Expiration != "" {
		if got.expires, err = time.Parse(time.RFC3339, p.Expiration); err != nil {
			return expiring{}, &failure{text: "the expiration in the output of the command is not in RFC 3339 format"}
		}
	}
	return got, nil
}

// limitedBuffer keeps output, and refuses output beyond the limit.
type limitedBuffer struct {
	text   []byte
	isFull bool
}

func (b *limitedBuffer) Write(p []byte) (int, error) {
	if len(b.text)+len(p) > maxOutput {
		b.isFull = true
		return 0, errors.New("the output is too long")
	}
	b.text = append(b.text, p...)
	return len(p), nil
}

// splitCommand splits a command into its arguments. Spaces separate arguments
// unless they are quoted; where paths don't contain it, a backslash quotes the
// next character. A quote that is not closed yields no arguments.
func splitCommand(command string, backslashQuotes bool) []string {
	var arguments []string
	var current strings.Builder
	var quote rune // 0 outside quotes
	escaped, started := false, false
	for _, r := range command {
		switch {
		case escaped:
			if quote == '"' && !strings.ContainsRune("\"\\$`", r) {
				current.WriteByte('\\')
			}
			current.WriteRune(r)
			escaped = false
		case r == '\\' && quote != '\'' && backslashQuotes:
			escaped, started = true, true
		case r == quote:
			quote = 0
		case quote == 0 && (r == '"' || r == '\''):
			quote, started = r, true
		case quote == 0 && unicode.IsSpace(r):
			if started {
				arguments = append(arguments, current.String())
			}
			current.Reset()
			started = false
		default:
			current.WriteRune(r)
			started = true
		}
	}
	if quote != 0 || escaped {
		return nil
	}
	if started {
		arguments = append(arguments, current.String())
	}
	return arguments
}
