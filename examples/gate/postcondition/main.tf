# A precheck that has not passed stops the plan where it is read: everything
# that uses the data source is held back.

terraform {
  required_version = ">= 1.8"
  required_providers {
    dts = {
      source = "dts-community/dts"
    }
  }
}

# The id is a variable, not an attribute of something that this configuration
# makes: then the precheck is read while planning, before anything changes.
variable "dts_job_id" {
  description = "ID of the DTS job whose precheck must have passed."
  type        = string
}

variable "emulator" {
  description = "Address of an emulator of the DTS API, host:port; null for the service itself."
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

  lifecycle {
    postcondition {
      condition     = self.passed
      error_message = self.failure_summary
    }
  }
}

# What is gated; any resource will do.
resource "terraform_data" "deployment" {
  input = "switched over to ${data.dts_precheck_status.migration.dts_job_id}"
}

output "deployment" {
  value = terraform_data.deployment.output
}
