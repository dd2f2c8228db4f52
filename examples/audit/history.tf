locals {
  # The kinds of findings of each job that has any. No measurements and no times:
  # they would change on every run.
  kinds_of = {
    for job in local.jobs : "${job.region} ${job.id} ${substr(job.name, 0, 60)}" => job.kinds...
    if length(job.kinds) > 0
  }
}

# Keeps the findings of the last apply in state, so that the next plan shows
# which are new and which are gone. It creates nothing in the account. A plan
# shows only what changes in triggers_replace; input would be shown in full.
resource "terraform_data" "findings" {
  triggers_replace = { for job, kinds in local.kinds_of : job => join(", ", flatten(kinds)) }
}
