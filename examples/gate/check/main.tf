# Check: if the precheck has not passed, Terraform shows a warning and continues,
# for audits and for environments where someone else decides.

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
