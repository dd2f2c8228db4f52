# Finds DTS jobs that no configuration manages, and writes the configuration
# that imports them into resources of the alicloud provider. This configuration
# does not need that provider and creates nothing.

terraform {
  required_version = ">= 1.8"
  required_providers {
    dts = {
      source = "dts-community/dts"
    }
  }
}

provider "dts" {
  region     = var.region
  protocol   = var.emulator == null ? null : "HTTP"
  access_key = var.emulator == null ? null : "emulator"
  secret_key = var.emulator == null ? null : "emulator-secret"
  endpoints {
    dts = var.emulator
  }
}

# One list for each type, because each type has another resource.
data "dts_jobs" "all" {
  for_each = local.resource_types
  job_type = each.key
}

locals {
  resource_types = {
    MIGRATION = "alicloud_dts_migration_job"
    SYNC      = "alicloud_dts_synchronization_job"
    SUBSCRIBE = "alicloud_dts_subscription_job"
  }

  # A job that has ended or was never configured has nothing to manage.
  unmanaged = {
    for type, list in data.dts_jobs.all : type => [
      for job in list.jobs : job
      if !contains(var.managed, job.dts_job_id) && !contains(["Finished", "NotConfigured"], coalesce(job.status, "unknown"))
    ]
  }
}

check "every_job_is_managed" {
  assert {
    condition     = alltrue([for jobs in local.unmanaged : length(jobs) == 0])
    error_message = "No configuration manages ${join(", ", flatten([for jobs in local.unmanaged : [for job in jobs : "${job.dts_job_id} (${coalesce(job.dts_job_name, "no name")})"]]))}."
  }
}

output "configuration" {
  description = "Blocks that import each job that is not managed, and manage it."
  value       = join("\n", [for r in local.resources : templatefile("${path.module}/resource.tftpl", r)])
}

output "unmanaged" {
  description = "IDs of the jobs that are not managed."
  value       = local.resources[*].id
}
