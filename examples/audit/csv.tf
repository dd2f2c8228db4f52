locals {
  columns = [
    "region", "type", "id", "name", "status", "direction", "class", "source", "destination", "tags",
    "delay_seconds", "stage", "percent", "expire_time", "findings", "error", "help_url", "console_url",
  ]

  records = [
    for job in local.jobs : merge(job, {
      tags     = join("; ", [for key, value in job.tags : join("=", compact([key, value]))])
      stage    = try(job.progress.stage, null)
      percent  = try(job.progress.percent, null)
      findings = join(" ", job.kinds)
    })
  ]

  cells = concat([local.columns], [
    for record in local.records : [for column in local.columns : record[column]]
  ])

  # A spreadsheet treats a cell that begins with one of these characters as a
  # formula, also after white space and in full width. Names and error messages
  # are written by others, so such a cell is prefixed with a quotation mark.
  # Control characters, such as tabs and line breaks, become spaces.
  guarded = [
    for row in local.cells : [
      for cell in row : replace(
        replace(cell == null ? "" : cell, "/\\p{Cc}+/", " "),
        "/^(\\s*[=+@＝＋－＠-])/", "'$1"
      )
    ]
  ]

  # Excel recognizes UTF-8 by the byte order mark.
  csv = join("", concat(["\ufeff"], [
    for row in local.guarded : "${join(",", [for cell in row : "\"${replace(cell, "\"", "\"\"")}\""])}\r\n"
  ]))
}
