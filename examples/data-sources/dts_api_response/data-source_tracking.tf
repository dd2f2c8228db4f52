# Whether a change tracking job tracks data changes (DML) and changes of the
# schema (DDL).
data "dts_api_response" "tracking" {
  operation  = "DescribeDtsJobDetail"
  parameters = { DtsJobId = "s6b10trk3m8c2z4" }
}

output "tracks" {
  value = {
    ddl = try(data.dts_api_response.tracking.response.SubscriptionDataType.Ddl, null)
    dml = try(data.dts_api_response.tracking.response.SubscriptionDataType.Dml, null)
  }
}
