package provider_test

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/provider"
)

// TestRequestRateIsKept reads eleven pages at ten requests per second, half of
// the default.
func TestRequestRateIsKept(t *testing.T) {
	t.Parallel()
	const pages = 11
	var mu sync.Mutex
	var times []time.Time
	api := newFakeAPI(t, func(q url.Values) string {
		mu.Lock()
		defer mu.Unlock()
		times = append(times, time.Now())
		if len(times) > pages { // The page after the end.
			return fmt.Sprintf(`{"TotalRecordCount":%d,"DtsJobList":[]}`, pages)
		}
		return fmt.Sprintf(`{"TotalRecordCount":%d,"DtsJobList":[{"DtsJobId":"j%s"}]}`, pages, q.Get("PageNumber"))
	})
	s, diags := configured(t, provider.NewServer("test")(), blockFor(api.URL, arguments{"max_requests_per_second": 10}))
	if len(diags) > 0 {
		t.Fatal(render(diags))
	}
	// Measured from before the first request leaves, because a busy machine may
	// let that one arrive late.
	started := time.Now()
	state := s.state(t, "dts_jobs", s.read(t, "dts_jobs", arguments{"page_size": 1}))
	if jobs := elementsOf(t, state["jobs"]); len(jobs) != pages {
		t.Errorf("%d jobs", len(jobs))
	}
	if took := times[pages-1].Sub(started); took < time.Second {
		t.Errorf("%d requests arrived within %s", pages, took)
	}
}

// TestRegionOfTheProviderIsInTheID reads the same in two regions that only the
// provider sets.
func TestRegionOfTheProviderIsInTheID(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, emptyList)
	ids := map[any]string{}
	for _, region := range []string{"cn-hangzhou", "cn-beijing"} {
		s, _ := configured(t, provider.NewServer("test")(), blockFor(api.URL, arguments{"region": region}))
		state, _ := s.readState(t, "dts_jobs", nil)
		ids[state["id"]] = region
	}
	if len(ids) != 2 {
		t.Errorf("IDs %v", ids)
	}
}

// TestInvalidRegions names the argument or the profile that is at fault, before
// anything is requested.
func TestInvalidRegions(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, emptyList)
	file := filepath.Join(t.TempDir(), "config.json")
	text := `{"profiles":[{"name":"p","mode":"AK","access_key_id":"k","access_key_secret":"s","region_id":"cn.hangzhou/"}]}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	profile := func(name string) arguments {
		return arguments{"region": nil, "access_key": nil, "secret_key": nil, "profile": name, "shared_credentials_file": file}
	}
	for name, test := range map[string]struct {
		block, read arguments
		want        string
	}{
		"provider":        {arguments{"region": "evil.example/?"}, nil, `on .*region.*Attribute region must be the ID of a region`},
		"data source":     {nil, arguments{"region": "evil.example/?"}, `on .*region.*Attribute region must be the ID of a region`},
		"profile":         {profile("p"), nil, `region_id "cn.hangzhou/" of profile "p" must be the ID of a region.*Correct the profile`},
		"no such profile": {profile("q"), nil, `there is no profile "q" in .*config.json.*Its profiles are: p`},
		"two methods":     {arguments{"region": nil, "profile": "p"}, nil, `access_key and profile`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, diags := configured(t, provider.NewServer("test")(), blockFor(api.URL, test.block))
			got := render(diags)
			if got == "" {
				got = s.plan(t, "dts_jobs", test.read)
			}
			if !wrapped(test.want).MatchString(got) || len(api.requests()) > 0 {
				t.Error(got)
			}
		})
	}
}

// TestUnencryptedCredentials warns of credentials that another host sends in
// plain text.
func TestUnencryptedCredentials(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]bool{"http://host.example/": true, "https://host.example/": false, "http://127.0.0.1/": false} {
		_, diags := configured(t, provider.NewServer("test")(), arguments{"credentials_uri": uri})
		if got := render(diags); strings.Contains(got, "credentials_uri") != want {
			t.Errorf("%s: %s", uri, got)
		}
	}
}

// TestFirstPageInDoubt has an item without a state on the first page of a
// subtask that has ended, and one that failed on the second: the result is
// known without a grace period.
func TestFirstPageInDoubt(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, func(q url.Values) string {
		item := `{"Item":"A"}`
		if q.Get("PageNo") == "2" {
			item = `{"Item":"B","State":"Failed"}`
		}
		return `{"State":"Finished","JobId":"j","TotalRecordCount":2,"JobProgress":[` + item + `]}`
	})
	s := newSession(t, api.URL)
	resp := s.read(t, "dts_precheck_status", waitFor("j", arguments{"page_size": 1, "not_started_grace": "1h"}))
	if state := s.state(t, "dts_precheck_status", resp); stringOf(t, state["result"]) != "FAILED" || len(resp.Diagnostics) > 0 {
		t.Errorf("result %s; %s", state["result"], render(resp.Diagnostics))
	}
}

// TestWaitsAreInTheRegionOfTheBlock sets another region than the provider's.
func TestWaitsAreInTheRegionOfTheBlock(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, func(q url.Values) string {
		if q.Has("PageNo") {
			return subtaskPage(q, "Finished", 1)
		}
		return `{"TotalRecordCount":1,"DtsJobList":[{"DtsJobId":"j","Status":"Synchronizing"}]}`
	})
	s := newSession(t, api.URL)
	condition := arguments{"statuses": []string{"Synchronizing"}}
	in := arguments{"region": "cn-beijing", "dts_job_id": "j"}
	for name, read := range map[string]func() string{
		"job": func() string { return s.plan(t, "dts_job", with(in, arguments{"wait_for": condition})) },
		"precheck": func() string {
			return s.plan(t, "dts_precheck_status", with(in, arguments{"wait_for_completion": true}))
		},
		"job gate": func() string {
			_, diags := s.open(t, "dts_job_gate", with(in, with(condition, arguments{"wait": true})))
			return render(diags)
		},
		"precheck gate": func() string {
			_, diags := s.open(t, "dts_precheck_gate", with(in, arguments{"wait_for_completion": true}))
			return render(diags)
		},
	} {
		if diags := read(); diags != "" {
			t.Errorf("%s: %s", name, diags)
		}
		requests := api.requests()
		for _, q := range requests {
			if q.Get("RegionId") != "cn-beijing" {
				t.Errorf("%s: requested %v", name, q)
			}
		}
		if len(requests) == 0 {
			t.Errorf("%s: nothing was requested", name)
		}
	}
}
