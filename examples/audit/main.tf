# Audits the DTS jobs of an account, in multiple regions and of multiple types.
#
# main.tf      reads the jobs
# jobs.tf      collects what the audit needs to know about each job
# findings.tf  decides what is wrong with them
# checks.tf    warns about it
# history.tf   lets the next plan show what has changed
# csv.tf, report.tf and outputs.tf return the results

terraform {
  required_version = ">= 1.8"
  required_providers {
    dts = {
      source = "dts-community/dts"
    }
  }
}

# Credentials come from the environment, unless the emulator is used.
provider "dts" {
  region     = sort(var.regions)[0]
  protocol   = var.emulator == null ? null : "HTTP"
  access_key = var.emulator == null ? null : "emulator"
  secret_key = var.emulator == null ? null : "emulator-secret"
  endpoints {
    dts = var.emulator
  }
}

data "dts_jobs" "all" {
  for_each = {
    for pair in setproduct(var.regions, var.job_types) : join(" ", pair) => {
      region   = pair[0]
      job_type = pair[1]
    }
  }
  region   = each.value.region
  job_type = each.value.job_type

  # Reading only what the audit uses keeps time and state small. The lists of
  # objects can be long; without_db_list omits them from reverse jobs as well.
  without_db_list = true
  job_attributes = [
    "cpu_usage", "data_cloud_status", "data_initialization_status", "data_synchronization_status",
    "delay_seconds", "destination_endpoint", "dts_job_class", "dts_job_direction", "dts_job_name",
    "du_real_usage", "du_usage", "error_details", "error_message", "expire_time", "precheck_status",
    "retry_state", "reverse_job", "source_endpoint", "status", "structure_initialization_status", "tags",
  ]
}

locals {
  # Each direction of a two-way synchronization can fail and lag by itself, so
  # the reverse job is listed as well. It has the tags of the forward job, but
  # not its retries.
  listed = flatten([
    for list in data.dts_jobs.all : [
      for job in list.jobs : concat(
        [merge(job, { region = list.region, type = list.job_type })],
        [
          for reverse in [job.reverse_job] : merge(job, reverse, {
            region      = list.region
            type        = list.job_type
            retry_state = null
            reverse_job = null
          }) if reverse != null
        ],
      )
    ]
  ])

  now = coalesce(var.now, plantimestamp())
}
