package emulator

import (
	"encoding/json"
	"net/url"
	"strings"
)

// The values of JobCode and StructType.
var (
	jobCodes    = []string{"01", "02", "03", "04"}
	structTypes = []string{"before", "after"}
)

// itemFilters are the parameters that narrow JobProgress. An item must match all
// that are given. The other lists are answered whole: only JobProgress is paged
// and counted, and a filter of "tables" has nothing to say about them.
var itemFilters = []struct {
	parameter string
	matches   func(item rawObject, value string) bool
}{
	// No field of an item says what kind of object it is about, so the fixtures
	// say it aside. An item of which they do not is no view, table or function.
	{"StructPhase", func(item rawObject, phase string) bool { return item.known("StructPhase") == phase }},
	{"Name", itemNameContains},
}

// describePreCheckStatus answers DescribePreCheckStatus: the state of one subtask
// of a job, with one page of its items.
func describePreCheckStatus(e *Emulator, c *call) ([]byte, error) {
	asked, err := readSubtask(e.account, c)
	if err != nil {
		return nil, err
	}
	page, err := readItemPage(c)
	if err != nil {
		return nil, err
	}
	// ResourceGroupId and ZeroEtlJob are not in the document. They are accepted
	// and change nothing: the job id alone says which job is meant.
	if _, err := boolean(c.parameters, "ZeroEtlJob"); err != nil {
		return nil, err
	}
	answer, err := e.precheckOf(asked, isRead(c.parameters, page))
	if err != nil {
		return nil, err
	}

	found := choose(answer.items, matchesAll(c.parameters))
	rows := rowsFor(c, page, found)
	total := firstNonEmpty(answer.known("TotalRecordCount"), string(number(len(found))))
	return set(answer.raw,
		member{"JobProgress", array(rawItems(rows))},
		member{"TotalRecordCount", c.total([]byte(total))},
		member{"PageRecordCount", number(len(rows))}, // as in DescribeDtsJobs
		member{"PageNumber", number(page.number)},
		member{"Code", quote(asked.jobCode)},
		member{"RequestId", quote(c.requestID)},
		member{"HttpStatusCode", number(200)},
		member{"Success", []byte("true")},
	)
}

// readSubtask reads what is asked about.
func readSubtask(a *account, c *call) (subtask, error) {
	for _, mandatory := range []string{"DtsJobId", "JobCode", "StructType"} {
		if !c.parameters.Has(mandatory) {
			return subtask{}, errMissing(mandatory)
		}
	}
	if _, err := oneOf(c.parameters, "RegionId", c.region, a.regions...); err != nil {
		return subtask{}, err
	}
	code, err := oneOf(c.parameters, "JobCode", "", jobCodes...)
	if err != nil {
		return subtask{}, err
	}
	structType, err := oneOf(c.parameters, "StructType", "", structTypes...)
	if err != nil {
		return subtask{}, err
	}
	return subtask{c.region, c.parameters.Get("DtsJobId"), code, structType}, nil
}

// isRead reports whether a call begins a read of a whole answer. The calls for
// its other pages, and what is asked with a filter besides, do not.
func isRead(p url.Values, page page) bool {
	return page.number == 1 && !p.Has("Name") && !p.Has("StructPhase")
}

// precheckOf finds the answer for a subtask: that of a scenario, or else the
// recorded one. A job of which something else is known has not started it.
func (e *Emulator) precheckOf(asked subtask, isRead bool) (*precheck, error) {
	if s, found := e.scenarios[firstNonEmpty(e.Scenario, asked.dtsJobID)]; found {
		return e.plays.next(s, asked, isRead, e.now()), nil
	}
	if recorded, found := e.account.prechecks[asked]; found {
		return recorded, nil
	}
	if e.account.has(asked.region, asked.dtsJobID) {
		return notStarted(asked)
	}
	return nil, errInstanceNotFound
}

func notStarted(asked subtask) (*precheck, error) {
	return newPrecheck(object(
		member{"State", quote("NotStarted")},
		member{"Total", number(0)},
		member{"JobId", quote(asked.dtsJobID)},
		member{"ErrorItem", number(0)},
		member{"ErrorAnalysisItem", number(0)},
	))
}

// matchesAll returns the predicate that all item filters of a call make.
func matchesAll(p url.Values) func(rawObject) bool {
	return func(item rawObject) bool {
		for _, filter := range itemFilters {
			if p.Has(filter.parameter) && !filter.matches(item, p.Get(filter.parameter)) {
				return false
			}
		}
		return true
	}
}

// itemNameContains is the document's fuzzy match of tables. Which field it looks
// at is not said, nor what fuzzy means; here it is a part of the object's name or
// of either name of the item, whatever its case.
func itemNameContains(item rawObject, part string) bool {
	part = strings.ToLower(part)
	for _, field := range []string{"TargetNames", "Names", "Item"} {
		if strings.Contains(strings.ToLower(item.text(field)), part) {
			return true
		}
	}
	return false
}

func rawItems(items []rawObject) []json.RawMessage {
	raw := make([]json.RawMessage, len(items))
	for i, item := range items {
		raw[i] = item.raw
	}
	return raw
}
