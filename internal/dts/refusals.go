package dts

import (
	"errors"
	"slices"

	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

// refusesPageSize reports an error that blames the page size.
func refusesPageSize(err error) bool {
	var refusal *rpc.Error
	return errors.As(err, &refusal) && refusal.RefusesPageSize()
}

// refusesPageNumber reports an error that blames the page number, as some
// servers return past the end of a list.
func refusesPageNumber(err error) bool {
	var refusal *rpc.Error
	return errors.As(err, &refusal) && (refusal.RefusesPaging("PageNumber") || refusal.RefusesPaging("PageNo"))
}

// refusesIDs reports an error that may be due to one of the requested IDs.
func refusesIDs(err error) bool { return isUnknownID(err) || blames(err, "DtsJobId", "DtsInstanceId") }

// isUnknownID reports an error for an ID that no job has.
func isUnknownID(err error) bool {
	var refusal *rpc.Error
	return errors.As(err, &refusal) && slices.Contains([]string{"Forbidden.InstanceNotFound", "InvalidJobId"}, refusal.BareCode())
}

// blames reports whether the API refused one of the named parameters.
func blames(err error, parameters ...string) bool {
	var refusal *rpc.Error
	return errors.As(err, &refusal) && slices.ContainsFunc(parameters, refusal.MentionsParameter)
}
