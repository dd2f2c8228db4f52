package credentials

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"
)

const (
	metadataHost = "http://100.100.100.200"
	metadataRole = "/latest/meta-data/ram/security-credentials/"

	// metadataTimeout is short, because the address is on the same machine, or
	// not there at all.
	metadataTimeout = 2 * time.Second

	// metadataProbes is how often metadata that fails is probed.
	metadataProbes = 3
)

// metadata is the source of the RAM role of an ECS instance. An empty role is
// whichever the instance has.
func (f finder) metadata(name, role string) (source, error) {
	if f.MetadataDisabled {
		return source{}, &Error{
			Summary: "the metadata of the ECS instance must not be used",
			Advice:  "ALIBABA_CLOUD_ECS_METADATA_DISABLED is set in the environment. Unset it, or use another authentication method.",
		}
	}
	return source{
		name: name,
		advice: "Check that this machine is an ECS instance, that the role is attached to it, " +
			"and that requests to 100.100.100.200 don't go through a proxy.",
		fetch: func(ctx context.Context) (session, error) { return f.roleOfInstance(ctx, role) },
	}, nil
}

func (f finder) roleOfInstance(ctx context.Context, role string) (session, error) {
	if role == "" {
		found, err := f.roleName(ctx)
		if err != nil {
			return session{}, err
		}
		role = found
	}
	body, err := f.readMetadata(ctx, metadataRole+role)
	if err != nil {
		return session{}, err
	}
	var response issued
	if err := parse(body, &response); err != nil {
		return session{}, err
	}
	return response.session("ecs_ram_role")
}

// roleName returns the name of the role that the instance has.
func (f finder) roleName(ctx context.Context) (string, error) {
	body, err := f.readMetadata(ctx, metadataRole)
	if err != nil {
		return "", err
	}
	name := strings.TrimSpace(string(body))
	if !printable.MatchString(name) {
		return "", &cause{text: "the response is not the name of a role"}
	}
	return name, nil
}

// probeMetadata returns the role of the instance, or nothing if this machine has
// none. Whether it is an instance shows only when metadata responds, and a
// response that is a temporary failure does not tell.
func (f finder) probeMetadata(ctx context.Context) string {
	if f.MetadataDisabled {
		return ""
	}
	for range metadataProbes {
		role, err := f.roleName(ctx)
		var response *cause
		if err == nil || !errors.As(err, &response) || !response.temporary {
			return role
		}
	}
	return ""
}

// readMetadata requests metadata with a token, or without one where the instance
// issues none, unless that is disabled.
func (f finder) readMetadata(ctx context.Context, path string) ([]byte, error) {
	token, err := f.requestMetadata(ctx, http.MethodPut, "/latest/api/token", "X-Aliyun-Ecs-Metadata-Token-Ttl-Seconds", "21600")
	if err == nil {
		body, err := f.requestMetadata(ctx, http.MethodGet, path, "X-Aliyun-Ecs-Metadata-Token", string(token))
		if err == nil || f.IMDSv1Disabled {
			return body, err
		}
	} else if f.IMDSv1Disabled {
		return nil, err
	}
	return f.requestMetadata(ctx, http.MethodGet, path, "", "")
}

func (f finder) requestMetadata(ctx context.Context, method, path, header, value string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, metadataTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, metadataHost+path, http.NoBody)
	if err != nil {
		return nil, &cause{text: "the name of the role is not valid"}
	}
	if header != "" {
		req.Header.Set(header, value)
	}
	return f.exchange(req)
}
