# From the lines of all rounds: medians, and the ratio of ours to each other library, as text, as Markdown or as JSON.
#
# A ratio is the median of the ratios within each round, so that a slow moment of the machine counts on both sides.

def median: sort | if length % 2 == 1 then .[length / 2 | floor] else (.[length / 2 - 1] + .[length / 2]) / 2 end;

# Three significant digits, or two of what is small.
def figure:
  if . >= 100 then round elif . >= 10 then . * 10 | round / 10 elif . >= 0.1 then . * 100 | round / 100
  else . * 1000 | round / 1000 end | tostring;

def pad($width): tostring | . + " " * ($width - length | if . < 1 then 0 else . end);
def lead($width): tostring | " " * ($width - length | if . < 1 then 0 else . end) + .;

# Aligned, the first so many columns to the left.
def lines($left):
  . as $cells
  | [range($cells[0] | length) as $column | [$cells[][$column] | length] | max] as $widths
  | to_entries
  | map((.value | to_entries
         | map($widths[.key] as $width | if .key < $left then .value | pad($width) else .value | lead($width) end)
         | "| " + join(" | ") + " |"),
        if .key == 0
        then "|" + ($widths | to_entries
                    | map(if .key < $left then "-" * (.value + 2) else "-" * (.value + 1) + ":" end) | join("|")) + "|"
        else empty end)
  | join("\n");

# With its unit, where that is not the heading's, and in a larger one where that is easier to read.
def figure($unit):
  if $unit != "ns" then figure + " " + $unit
  elif . >= 1e6 then (. / 1e6 | figure) + " ms" elif . >= 1e4 then (. / 1e3 | figure) + " µs" else figure end;

def table:
  .rows as $rows
  | [["row", "library", "ns per item", "min–max", "ours / theirs"]]
    + [$rows[] as $row | $row.libraries[] |
       [$row.row, .library, (.median | figure($row.unit)), "\(.low | figure($row.unit))–\(.high | figure($row.unit))",
        if .ratio then .ratio | figure else "" end]]
  | lines(2);

# A line for each row, the worst of its ratios first.
def markdown:
  (reduce .rows[].libraries[].library as $library ([]; if index($library) then . else . + [$library] end)) as $names
  | [["row", "ours, ns"] + [$names[] | select(. != "skein") | (., "ours / theirs")]]
    + [.rows | sort_by([.libraries[].ratio // 0] | -max)[] as $row
       | ($row.libraries | map({key: .library, value: .}) | from_entries) as $by
       | ["`\($row.row)`", ($by.skein.median | figure($row.unit))]
         + [$names[] | select(. != "skein") | $by[.]
            | if . then (.median | figure($row.unit)), (.ratio | figure) else "", "" end]]
  | lines(1);

. as $lines
| {
    name: $name,
    rounds: ([$lines[].round] | max + 1),
    rows: [
      # In the order in which they ran.
      reduce $lines[].row as $row ([]; if index($row) then . else . + [$row] end) | .[] as $row
      | [$lines[] | select(.row == $row) | .time = .figure / .items] as $here
      | ([$here[] | select(.library == "skein") | {key: "\(.round)", value: .time}] | from_entries) as $ours
      | {
          row: $row,
          unit: $here[0].unit,
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
| if $format == "json" then tojson elif $format == "markdown" then markdown else table end
