# The configuration of make demo: all jobs of the emulator's account in one
# region, as a table.

terraform {
  required_version = ">= 1.8"
  required_providers {
    dts = {
      source = "dts-community/dts"
    }
  }
}

variable "emulator" {
  description = "Address (host:port) of the emulator of the DTS API."
  type        = string
}

provider "dts" {
  region     = "cn-hangzhou"
  access_key = "emulator"
  secret_key = "emulator-secret"
  protocol   = "HTTP"
  endpoints {
    dts = var.emulator
  }
}

data "dts_jobs" "all" {
  for_each = toset(["MIGRATION", "SYNC", "SUBSCRIBE"])
  job_type = each.key
}

locals {
  rows = flatten([
    for type, list in data.dts_jobs.all : [
      for job in list.jobs : format("%-18s %-10s %-17s %10s %9s  %s",
        job.dts_job_id, type, job.status,
        job.delay_seconds == null ? "-" : "${job.delay_seconds} s",
        # The last stage that has a progress.
        [for percent in [
          try(job.data_synchronization_status.percent, null),
          try(job.data_initialization_status.percent, null),
          try(job.structure_initialization_status.percent, null),
          try(job.precheck_status.percent, null),
          "-",
        ] : percent if percent != null && percent != ""][0],
        job.dts_job_name,
      )
    ]
  ])
}

output "count" {
  value = length(local.rows)
}

output "table" {
  value = join("\n", concat(
    [format("%-18s %-10s %-17s %10s %9s  %s", "JOB", "TYPE", "STATUS", "DELAY", "PROGRESS", "NAME")],
    local.rows,
    [""],
  ))
}
