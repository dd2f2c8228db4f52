# Ephemeral gate: the precheck must have passed when the plan is made, and again
# when it is applied. A plan that was saved and approved hours ago does not
# create, update or replace the gated resource if the precheck has failed since.

variable "gate" {
  description = "Whether to check the precheck. Set it to false to destroy the deployment whatever the precheck's result."
  type        = bool
  default     = true
}

ephemeral "dts_precheck_gate" "migration" {
  count               = var.gate ? 1 : 0
  dts_job_id          = var.dts_job_id
  wait_for_completion = true
}

# The gated resource. Any resource works.
resource "terraform_data" "deployment" {
  input = "switched over to ${var.dts_job_id}"

  depends_on = [ephemeral.dts_precheck_gate.migration]

  # A replacement is held by the gate only if the new object is created first.
  lifecycle {
    create_before_destroy = true
  }
}

output "deployment" {
  value = terraform_data.deployment.output
}
