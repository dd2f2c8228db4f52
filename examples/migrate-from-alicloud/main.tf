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

data "dts_jobs" "tracking" {
  job_type = "SUBSCRIBE"
  status   = "Normal"
}

output "migrations" {
  value = [for job in data.dts_jobs.migrations.jobs : {
    id       = job.dts_job_id
    name     = job.dts_job_name
    host     = job.source_endpoint.ip
    database = job.destination_endpoint.database_name
    full     = job.migration_mode.data_initialization
    prepaid  = job.pay_type != "PostPaid"
  }]
}

output "tracking_vpcs" {
  value = {
    for job in data.dts_jobs.tracking.jobs : job.dts_job_id => try(jsondecode(job.reserved).vpcId, null)
  }
}
