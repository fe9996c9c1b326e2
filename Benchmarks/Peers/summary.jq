# From the lines of all rounds: medians, and the ratio of ours to each other library, as text or as JSON.
#
# A ratio is the median of the ratios within each round, so that a slow moment of the machine counts on both sides.

def median: sort | if length % 2 == 1 then .[length / 2 | floor] else (.[length / 2 - 1] + .[length / 2]) / 2 end;

# Three significant digits.
def figure:
  if . >= 100 then round elif . >= 10 then . * 10 | round / 10 else . * 100 | round / 100 end | tostring;

def pad($width): tostring | . + " " * ($width - length | if . < 1 then 0 else . end);
def lead($width): tostring | " " * ($width - length | if . < 1 then 0 else . end) + .;

def table:
  .rows as $rows
  | [["row", "library", "ns per item", "min–max", "ours / theirs"]]
    + [$rows[] as $row | $row.libraries[] |
       [$row.row, .library, (.median | figure), "\(.low | figure)–\(.high | figure)",
        if .ratio then .ratio | figure else "" end]]
  | . as $cells
  | [range(5) as $column | [$cells[][$column] | length] | max] as $widths
  | to_entries
  | map((.value | to_entries
         | map($widths[.key] as $width | if .key < 2 then .value | pad($width) else .value | lead($width) end)
         | "| " + join(" | ") + " |"),
        if .key == 0
        then "|" + ($widths | to_entries
                    | map(if .key < 2 then "-" * (.value + 2) else "-" * (.value + 1) + ":" end) | join("|")) + "|"
        else empty end)
  | join("\n");

. as $lines
| {
    name: $name,
    rounds: ([$lines[].round] | max + 1),
    rows: [
      # In the order in which they ran.
      reduce $lines[].row as $row ([]; if index($row) then . else . + [$row] end) | .[] as $row
      | [$lines[] | select(.row == $row) | .time = .nanoseconds / .items] as $here
      | ([$here[] | select(.library == "skein") | {key: "\(.round)", value: .time}] | from_entries) as $ours
      | {
          row: $row,
          agree: ([$here[].answer] | unique | length == 1),
          libraries: (
            [$here | group_by(.library)[] | {
              library: .[0].library,
              items: .[0].items,
              median: (map(.time) | median),
              low: (map(.time) | min),
              high: (map(.time) | max),
              ratio: (if .[0].library == "skein" then null
                      else map($ours["\(.round)"] / .time) | median end),
            }] | sort_by(.library != "skein", .library))
        }
    ]
  }
| ([.rows[] | select(.agree | not) | .row]) as $wrong
| if $wrong | length > 0 then "rows in which libraries disagree: \($wrong | join(", "))\n" | halt_error(1) else . end
| if $format == "json" then tojson else table end
