terraform {
  required_version = ">= 1.8"
  required_providers {
    dts = {
      source = "dts-community/dts"
    }
  }
}

# Without provider block: region and credentials come from the environment
# variables that the alicloud provider uses.

data "dts_jobs" "migrations" {
  name_regex = "^orders-"
}

# The API would filter by one status. alicloud reports Starting as Normal, so
# both are selected below.
data "dts_jobs" "tracking" {
  job_type = "SUBSCRIBE"
}

output "migrations" {
  value = [for job in data.dts_jobs.migrations.jobs : {
    id       = job.dts_job_id
    name     = job.dts_job_name
    source   = try(job.source_endpoint.instance_id, null)
    database = try(job.destination_endpoint.database_name, null)
    full     = try(job.migration_mode.data_initialization, null)
    prepaid  = !contains(["POSTPAID", "POSTPAY"], upper(coalesce(job.pay_type, "none")))
  }]
}

output "tracking_vpcs" {
  value = {
    for job in data.dts_jobs.tracking.jobs : job.dts_job_id => try(jsondecode(job.reserved).vpcId, null)
    if contains(["Normal", "Starting"], coalesce(job.status, "unknown"))
  }
}
