# Code 02 is schema migration. struct_phase filters job_progress, not result.
data "dts_precheck_status" "schema" {
  dts_job_id   = "k2fm11x9d8t12ab"
  job_code     = "02"
  struct_phase = "Table"
}

output "tables" {
  value = {
    for item in data.dts_precheck_status.schema.job_progress : "${item.id} ${item.names}" => item.state
  }
}
