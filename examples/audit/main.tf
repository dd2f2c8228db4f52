# Audits the DTS jobs of an account, in multiple regions and of multiple types.
#
# main.tf      reads the jobs
# jobs.tf      collects what the audit needs to know about each job
# findings.tf  decides what is wrong with them
# checks.tf    warns about it
# history.tf   compares the findings with those of the last run
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

# Reading only what the audit uses keeps time and state small. The lists of
# objects can be long; without_db_list omits them from reverse jobs as well.
data "dts_jobs" "all" {
  for_each        = var.regions
  region          = each.value
  job_types       = var.job_types
  without_db_list = true
  job_attributes  = keys(local.defaults)
}

locals {
  now = coalesce(var.now, plantimestamp())

  # The attributes that the audit uses, each with its value for a job that does
  # not have it.
  defaults = {
    checkpoint                      = ""
    cpu_usage                       = ""
    data_cloud_status               = null
    data_initialization_status      = null
    data_synchronization_status     = null
    delay_seconds                   = null
    destination_endpoint            = null
    dts_job_class                   = ""
    dts_job_direction               = ""
    dts_job_id                      = ""
    dts_job_name                    = ""
    du_real_usage                   = null
    du_usage                        = null
    error_details                   = []
    error_message                   = ""
    expire_time                     = ""
    job_type                        = ""
    precheck_status                 = null
    retry_state                     = null
    reverse_job                     = null
    source_endpoint                 = null
    status                          = ""
    structure_initialization_status = null
    tags                            = {}
  }

  # The data source returns all attributes, those that were not read as null. A
  # check of one of these would pass for every job. Here they are gone, so that
  # such a check is an error.
  read = flatten([
    for list in data.dts_jobs.all : [
      for job in list.jobs : merge(
        local.defaults,
        { for name in keys(local.defaults) : name => job[name] if job[name] != null },
        { region = list.region },
      )
    ]
  ])

  # The forward job of each reverse job, and the jobs that the API lists.
  forward_of = {
    for job in local.read : try(coalesce(job.reverse_job.dts_job_id), "") => job.dts_job_id...
    if job.reverse_job != null
  }
  is_read = { for job in local.read : job.dts_job_id => true... }

  # Each direction of a two-way synchronization can fail and lag by itself, so
  # the reverse job is listed as well, unless the API lists it itself. It has the
  # tags of its forward job.
  listed = concat(
    [for job in local.read : merge(job, { reverse_of = try(local.forward_of[job.dts_job_id][0], "") })],
    [
      for job in local.read : merge(
        local.defaults,
        {
          for name in keys(local.defaults) : name => job.reverse_job[name]
          if try(job.reverse_job[name], null) != null
        },
        { region = job.region, job_type = job.job_type, tags = job.tags, reverse_of = job.dts_job_id },
      ) if job.reverse_job != null && !can(local.is_read[job.reverse_job.dts_job_id])
    ],
  )
}
