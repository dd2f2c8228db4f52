# Check: if the precheck has not passed, Terraform shows a warning and continues,
# for audits and for environments where someone else decides.

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

check "precheck" {
  # If the read of a data source in a check block fails, that is a warning, too.
  data "dts_precheck_status" "migration" {
    dts_job_id = var.dts_job_id
  }

  assert {
    condition     = data.dts_precheck_status.migration.passed
    error_message = data.dts_precheck_status.migration.failure_summary
  }
}

resource "terraform_data" "deployment" {
  input = "switched over to ${var.dts_job_id}"
}

output "deployment" {
  value = terraform_data.deployment.output
}
