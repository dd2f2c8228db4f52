# Fails unless the migration is at most five seconds behind, during plan and
# again during apply.
ephemeral "dts_job_gate" "orders" {
  dts_job_name      = "orders-mysql-to-polardb"
  job_types         = ["MIGRATION"]
  statuses          = ["Migrating"]
  max_delay_seconds = 5
}

# Created, updated or replaced only after the gate was opened.
resource "terraform_data" "cutover" {
  input = "switched over"

  depends_on = [ephemeral.dts_job_gate.orders]

  # A replacement is held by the gate only if the new object is created first.
  lifecycle {
    create_before_destroy = true
  }
}
