# Precondition: if the precheck has not passed, the plan fails for the gated
# resource. Other resources and outputs can use the data source.

terraform {
  required_version = ">= 1.8"
  required_providers {
    dts = {
      source = "dts-community/dts"
    }
  }
}

# A variable, not an attribute of a resource in this configuration: the precheck
# is then read while planning, before anything changes.
variable "dts_job_id" {
  description = "ID of the DTS job whose precheck must have passed."
  type        = string
}

variable "emulator" {
  description = "Address (host:port) of an emulator of the DTS API. Null for the service."
  type        = string
  default     = null
}

provider "dts" {
  region     = "cn-hangzhou"
  protocol   = var.emulator == null ? null : "HTTP"
  access_key = var.emulator == null ? null : "emulator"
  secret_key = var.emulator == null ? null : "emulator-secret"
  endpoints {
    dts = var.emulator
  }
}

data "dts_precheck_status" "migration" {
  dts_job_id          = var.dts_job_id
  wait_for_completion = true
}

# The gated resource. Any resource works.
resource "terraform_data" "deployment" {
  input = "switched over to ${var.dts_job_id}"

  lifecycle {
    precondition {
      condition     = data.dts_precheck_status.migration.passed
      error_message = data.dts_precheck_status.migration.failure_summary
    }
  }
}

output "deployment" {
  value = terraform_data.deployment.output
}

output "failed_items" {
  value = data.dts_precheck_status.migration.failed_items[*].item
}
