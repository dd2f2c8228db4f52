locals {
  # Only these, in this order.
  columns = [
    "region", "type", "id", "name", "status", "direction", "class", "source", "destination",
    "delay_seconds", "stage", "percent", "expire_time", "findings", "error", "help_url",
  ]

  records = [
    for job in local.jobs : merge(job, {
      stage    = try(job.progress.stage, null)
      percent  = try(job.progress.percent, null)
      findings = join(" ", job.kinds)
    })
  ]

  cells = concat([local.columns], [
    for record in local.records : [for column in local.columns : record[column]]
  ])

  # A spreadsheet takes a cell that begins with one of these for a formula, also
  # after white space and at full width. Names and error messages are written by
  # others, so such a cell gets a quotation mark in front. A control character, a
  # tab or the end of a line among them, becomes a space.
  guarded = [
    for row in local.cells : [
      for cell in row : replace(
        replace(cell == null ? "" : cell, "/\\p{Cc}+/", " "),
        "/^(\\s*[=+@＝＋－＠-])/", "'$1"
      )
    ]
  ]

  csv = join("", [
    for row in local.guarded : "${join(",", [for cell in row : "\"${replace(cell, "\"", "\"\"")}\""])}\r\n"
  ])
}
