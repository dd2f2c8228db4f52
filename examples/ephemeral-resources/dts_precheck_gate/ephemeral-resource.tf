# Waits for the precheck and fails unless it passes, during plan and again
# during apply.
ephemeral "dts_precheck_gate" "catalog" {
  dts_job_id          = "passed"
  wait_for_completion = true
  timeouts {
    open = "30m"
  }
}

# Created, updated or replaced only after the gate was opened.
resource "terraform_data" "deployment" {
  input = "deployed"

  depends_on = [ephemeral.dts_precheck_gate.catalog]

  # A replacement is held by the gate only if the new object is created first.
  lifecycle {
    create_before_destroy = true
  }
}
