# Lets a cutover through only when the migration is ready for it, when the plan
# is made and again when it is applied. All conditions are checked, each with a
# separate message.

terraform {
  required_version = ">= 1.10"
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

data "dts_job" "migration" {
  dts_job_id = var.dts_job_id

  # Waits while planning, if that is wanted.
  dynamic "wait_for" {
    for_each = var.wait[*]
    content {
      statuses          = ["Migrating", "Synchronizing"]
      max_delay_seconds = var.max_delay_seconds
    }
  }
  timeouts {
    read = var.wait
  }
}

data "dts_precheck_status" "precheck" {
  dts_job_id = var.dts_job_id
}

data "dts_precheck_status" "full_data" {
  dts_job_id = var.dts_job_id
  job_code   = "03"
}

# Failed DDL shows under struct type after only, failed data under before.
data "dts_precheck_status" "increment" {
  for_each    = toset(["before", "after"])
  dts_job_id  = var.dts_job_id
  job_code    = "04"
  struct_type = each.key
}

locals {
  job = data.dts_job.migration

  # The position reached, as a time. A delay that the service reports is only
  # believed while this is no older.
  now        = coalesce(var.as_of, plantimestamp())
  checkpoint = try(timeadd("1970-01-01T00:00:00Z", "${local.job.checkpoint}s"), null)

  # A verification that the job does not have is no obstacle.
  checks = try({
    "full data"    = local.job.full_data_check_status
    "changed data" = local.job.inc_data_check_status
    "schema"       = local.job.structure_data_check_status
  }, {})
  inconsistent = [
    for what, check in local.checks : "${what}: ${coalesce(check.status, "no status")}"
    if check != null && !contains(["Finished", "Catched"], coalesce(try(check.status, null), "none"))
  ]
}

# Opened while planning and again while applying, with the delay of that moment.
# The preconditions are those of the plan.
ephemeral "dts_job_gate" "cutover" {
  dts_job_id        = var.dts_job_id
  statuses          = ["Migrating", "Synchronizing"]
  max_delay_seconds = var.max_delay_seconds

  lifecycle {
    precondition {
      condition     = data.dts_precheck_status.precheck.passed
      error_message = data.dts_precheck_status.precheck.failure_summary
    }
    precondition {
      condition     = data.dts_precheck_status.full_data.passed
      error_message = data.dts_precheck_status.full_data.failure_summary
    }
    precondition {
      condition     = alltrue(values(data.dts_precheck_status.increment)[*].passed)
      error_message = join("\n\n", compact(values(data.dts_precheck_status.increment)[*].failure_summary))
    }
    precondition {
      condition     = try(local.job.delay_seconds <= var.max_delay_seconds, false)
      error_message = "The migration is ${try("${local.job.delay_seconds} s", "an unknown time")} behind; at most ${var.max_delay_seconds} s are let through."
    }
    precondition {
      condition     = try(timecmp(timeadd(local.checkpoint, "${var.max_delay_seconds + 60}s"), local.now) >= 0, false)
      error_message = "The position that the migration has reached is ${coalesce(local.checkpoint, "not known")}, more than a minute older than its delay indicates."
    }
    precondition {
      condition     = length(local.inconsistent) == 0
      error_message = "Data verification is not consistent: ${join(", ", local.inconsistent)}."
    }
  }
}

# The gated resource. Any resource works.
resource "terraform_data" "cutover" {
  input = "switched over to the destination of ${var.dts_job_id}"

  depends_on = [ephemeral.dts_job_gate.cutover]

  # A replacement is held by the gate only if the new object is created first.
  lifecycle {
    create_before_destroy = true
  }
}

output "cutover" {
  value = terraform_data.cutover.output
}
