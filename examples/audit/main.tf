# An audit of the DTS jobs of an account, over regions and types of jobs.
#
# main.tf      reads the jobs
# findings.tf  judges them
# checks.tf    warns
# csv.tf and report.tf make the two reports, outputs.tf hands them out

terraform {
  required_version = ">= 1.8"
  required_providers {
    dts = {
      source = "dts-community/dts"
    }
  }
}

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
  region          = each.value.region
  job_type        = each.value.job_type
  without_db_list = true # object lists can be long, and nothing here reads them
}

locals {
  # The two directions of a two-way synchronization fail and lag each by itself,
  # so the reverse job stands beside its forward job. It has the forward job's
  # tags, but not its retries.
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
