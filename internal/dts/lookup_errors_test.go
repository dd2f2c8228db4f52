package dts

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

// TestErrorBesideAnUnknownID refuses an ID as unknown, and another for a reason
// that has nothing to do with it: no ID may be reported as missing.
func TestErrorBesideAnUnknownID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, c := serve(func(q url.Values) (int, string) {
			if slices.Contains(requestedIDs(q), "a") {
				return refusal("InvalidJobId")
			}
			return refusal("NoPermission")
		})
		_, err := c.Jobs(t.Context(), "r", api.JobsRequest{JobIDs: []api.ID{"a", "b"}})
		if failure := new(rpc.Error); !errors.As(err, &failure) || failure.Code != "NoPermission" || failure.Parameters["DtsJobId"] != "b" {
			t.Errorf("got %v", err)
		}
	})
}

// TestLookupThatFailsAlone is not repeated.
func TestLookupThatFailsAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := serve(func(url.Values) (int, string) { return refusal("NoPermission") })
		if _, err := c.Jobs(t.Context(), "r", api.JobsRequest{JobIDs: []api.ID{"a", "b"}}); err == nil || s.count() != 1 {
			t.Errorf("%v after %d requests", err, s.count())
		}
	})
}

// TestErrorOfOneID refuses one of twenty callers' IDs for good. Only this caller
// sees that.
func TestErrorOfOneID(t *testing.T) {
	for _, code := range []string{
		"NoPermission", "Forbidden.RAM", "Forbidden.ResourceNotInGroup", "InvalidParameter", "InvalidDtsJobId", "InternalError",
		"OperationDenied.JobStatusModifying", "a field of the wrong type",
	} {
		synctest.Test(t, func(t *testing.T) {
			var callers []api.JobsRequest
			for _, id := range idsOfJobs(1, 20) {
				callers = append(callers, api.JobsRequest{JobIDs: []api.ID{id}})
			}
			results, requests := lookUpAll(t.Context(), callers, func(q url.Values) (int, string) {
				ids := requestedIDs(q)
				switch bad := slices.Contains(ids, "job0013"); {
				case bad && strings.Contains(code, " "):
					return 200, `{"TotalRecordCount":1,"DtsJobList":[{"DtsJobId":"job0013","Delay":"fast"}]}`
				case bad:
					return refusal(code)
				}
				return listOf(len(ids), ids)
			}, true)
			for i, got := range results {
				id := callers[i].JobIDs[0]
				switch {
				case id != "job0013":
					if !slices.Equal(listedIDs(&got.list), []api.ID{id}) {
						t.Errorf("%s: %s got %+v", code, id, got)
					}
				case code == "InvalidDtsJobId":
					if !slices.Equal(got.list.MissingIDs, []api.ID{id}) {
						t.Errorf("%s: %+v", code, got)
					}
				case got.ids != string(id) || got.code != code && !strings.Contains(got.reason, "DtsJobList[0].Delay"):
					t.Errorf("%s: %+v", code, got)
				}
			}
			if requests > 26 {
				t.Errorf("%s: %d requests", code, requests)
			}
		})
	}
}

// TestOutageOfOneID has responses that are repeated for minutes, because of one
// of twenty callers' IDs. The others have their jobs before their time is over.
func TestOutageOfOneID(t *testing.T) {
	for status, body := range map[int]string{502: `<html>Bad Gateway</html>`, 503: `{"Code":"ServiceUnavailable"}`, 200: `{"Success":true}`} {
		synctest.Test(t, func(t *testing.T) {
			_, c := serve(func(q url.Values) (int, string) {
				ids := requestedIDs(q)
				if slices.Contains(ids, "job0013") {
					return status, body
				}
				return listOf(len(ids), ids)
			})
			if _, err := c.Jobs(t.Context(), "r", api.JobsRequest{}); err != nil { // The endpoint works.
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			var group sync.WaitGroup
			for _, id := range idsOfJobs(1, 20) {
				group.Go(func() {
					list, err := c.Jobs(ctx, "r", api.JobsRequest{JobIDs: []api.ID{id}})
					if isBad := id == "job0013"; (err != nil) != isBad || !isBad && !slices.Equal(listedIDs(list), []api.ID{id}) {
						t.Errorf("status %d: %s: %v", status, id, err)
					}
				})
			}
			group.Wait()
		})
	}
}

// TestSharedIsAlone compares the results of callers who share requests with those
// of callers who do not, for random callers and servers.
func TestSharedIsAlone(t *testing.T) {
	codes := []string{"NoPermission", "InvalidParameter", "InvalidDtsJobId", "Forbidden.InstanceNotFound", "InternalError", "Throttling", "X"}
	for seed := range uint64(60) {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 7))
			ids := idsOfJobs(1, 1+random.IntN(60))
			fates, wrong := map[api.ID]string{}, random.IntN(30) // in 100
			for _, id := range ids {
				fates[id] = "listed"
				if random.IntN(100) < wrong {
					fates[id] = append(codes, "not listed", "not listed", "hidden", "hidden", "ETL", "reverse", "wrong type")[random.IntN(len(codes)+7)]
				}
			}
			limit, counts := []int{10, 20, 25, 30, 100}[random.IntN(5)], random.IntN(3) > 0
			respond := func(q url.Values) (int, string) {
				var rows, others []string
				total := 0
				for _, id := range requestedIDs(q) {
					row := fmt.Sprintf(`{"DtsJobId":%q,"DtsInstanceID":%q}`, id, id)
					switch fate := fates[id]; fate {
					case "listed":
						rows = append(rows, row)
					case "reverse":
						rows = append(rows, fmt.Sprintf(`{"DtsJobId":"of-%s","ReverseJob":%s}`, id, row))
					case "wrong type":
						rows = append(rows, strings.Replace(row, "{", `{"Delay":{},`, 1))
					case "ETL":
						others = append(others, row)
					case "hidden":
						total++
					case "not listed":
					default:
						return refusal(fate)
					}
				}
				total += len(rows) + len(others)
				count := ""
				if counts {
					count = fmt.Sprintf(`"TotalRecordCount":%d,`, total)
				}
				return 200, fmt.Sprintf(`{%s"DtsJobList":[%s],"EtlDemoList":[%s]}`, count, strings.Join(pageOf(rows, q, limit), ","), strings.Join(others, ","))
			}
			var callers []api.JobsRequest
			for range 1 + random.IntN(20) {
				own := map[api.ID]bool{}
				for range 1 + random.IntN(3) {
					own[ids[random.IntN(len(ids))]] = true
				}
				request := api.JobsRequest{}
				for id := range own {
					request.JobIDs = append(request.JobIDs, id)
				}
				slices.Sort(request.JobIDs)
				if random.IntN(4) == 0 {
					request = api.JobsRequest{InstanceIDs: request.JobIDs}
				}
				if random.IntN(8) == 0 {
					request.JobType = api.FilterSync
				}
				callers = append(callers, request)
			}
			shared, _ := lookUpAll(t.Context(), callers, respond, true)
			alone, _ := lookUpAll(t.Context(), callers, respond, false)
			for i := range callers {
				if shared[i].code == "Throttling" || alone[i].code == "Throttling" { // Throttling does not depend on IDs.
					continue
				}
				if diff := cmp.Diff(alone[i], shared[i], cmp.AllowUnexported(result{}), cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("seed %d, caller %d of %+v, fates %v, limit %d: -alone +shared:\n%s", seed, i, callers[i], fates, limit, diff)
				}
			}
		})
	}
}

// TestFailuresOfAnyRequest are not repeated for each caller, whose own IDs the
// error has.
func TestFailuresOfAnyRequest(t *testing.T) {
	for name, test := range map[string]struct {
		status   int
		body     string
		requests int // 0: until the retry timeout
	}{
		"throttling": {400, `{"Code":"Throttling.User"}`, 0},
		"connection": {-1, ``, 5},
	} {
		synctest.Test(t, func(t *testing.T) {
			var callers []api.JobsRequest
			for _, id := range idsOfJobs(1, 20) {
				callers = append(callers, api.JobsRequest{JobIDs: []api.ID{id}})
			}
			start := time.Now()
			results, requests := lookUpAll(t.Context(), callers, func(url.Values) (int, string) { return test.status, test.body }, true)
			for i, got := range results {
				if got.ids != string(callers[i].JobIDs[0]) {
					t.Errorf("%s: %v got %+v", name, callers[i].JobIDs, got)
				}
			}
			if test.requests != 0 && requests != test.requests || time.Since(start) > 3*time.Minute {
				t.Errorf("%s: %d requests in %s", name, requests, time.Since(start))
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		denied := errors.New("the role does not exist")
		source := &brokenSource{err: denied}
		c := NewClient(rpc.Config{Credentials: source})
		var group sync.WaitGroup
		for _, id := range idsOfJobs(1, 20) {
			group.Go(func() {
				_, err := c.Jobs(t.Context(), "r", api.JobsRequest{JobIDs: []api.ID{id}})
				if failure := new(rpc.Error); !errors.As(err, &failure) || !errors.Is(err, denied) || failure.Parameters["DtsJobId"] != string(id) {
					t.Errorf("%s: %v", id, err)
				}
			})
		}
		group.Wait()
		if source.requests != 1 {
			t.Errorf("credentials were requested %d times", source.requests)
		}
	})
}

// brokenSource has no credentials.
type brokenSource struct {
	err      error
	requests int
}

func (s *brokenSource) Credential(context.Context) (rpc.Credential, error) {
	s.requests++
	return rpc.Credential{}, s.err
}

func (s *brokenSource) Refresh(context.Context, rpc.Credential) (bool, error) { return false, nil }
