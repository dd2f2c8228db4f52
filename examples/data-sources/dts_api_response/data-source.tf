# The account that owns the source of a migration, and the role that DTS assumes.
data "dts_api_response" "migration" {
  operation  = "DescribeDtsJobDetail"
  parameters = { DtsJobId = "k2fm11x9d8t12ab" }
}

output "source_account" {
  value = {
    owner_id = try(data.dts_api_response.migration.response.SourceEndpoint.AliyunUid, null)
    role     = try(data.dts_api_response.migration.response.SourceEndpoint.RoleName, null)
  }
}
