# Finds which folders of a module use which, and fails if one uses a layer above its own. Run by Scripts/layers, which hands it the
# layers of each module in `order`, between semicolons.
#
# It reads names, not types. A name is used where it stands outside of comments and string literals (interpolations are code). It is of
#   - the folder that declares a type, a function, a variable or an alias of that name outside of all types; or
#   - the folder that declares a member of that name in an extension of a type from another folder of the module.
# Other members it leaves out: whoever has one has its type, which is named somewhere.
#
# What it cannot see:
#   - operators, initialisers and subscripts, and all but the first of the cases or variables in one declaration;
#   - members that an extension gives to types of other modules, whose names are often those of the standard library;
#   - a use where the user's own folder, or one between the ground and it, declares something of that name too: it is taken for that;
#   - a use without a dot before the name where the same file has a parameter, a local variable or a label of that name.

BEGIN {
  count = split(order, line, ";")
  for (number = 1; number <= count; number++) {
    size = split(line[number], word, " ")
    for (place = 2; place <= size; place++) {
      layer = word[1] "/" word[place]
      layers++
      name_of[layers] = layer
      rank[layer] = layers
    }
  }
  count = split("class struct enum protocol actor extension func var let case typealias associatedtype init subscript deinit in if else " \
    "guard for while repeat switch default return throw throws rethrows do catch try await async where is as self Self super true false " \
    "nil private fileprivate internal public static final mutating nonmutating consuming borrowing inout sending some any import get set " \
    "defer break continue weak unowned unsafe nonisolated convenience _", word, " ")
  for (number = 1; number <= count; number++) keyword[word[number]]
}

FNR == 1 {
  split(FILENAME, part, "/")
  module = part[2]
  folder = module "/" part[3]
  if (!(folder in rank)) {
    printf "%s:1: error: %s has no place in the order of the layers in Scripts/layers\n", FILENAME, part[3]
    failed = 1
    rank[folder] = 0
  }
  depth = in_function = comment = literals = parentheses = 0
  opens = expects = ""
}

{ read(code_of($0)) }

# MARK: Reading

# The line without its comments and the text of its string literals.
function code_of(text,    code, at, two) {
  code = ""
  while (text != "") {
    if (comment > 0) {
      at = match(text, /\*\/|\/\*/)
      if (!at) return code
      comment += substr(text, at, 2) == "*/" ? -1 : 1
      text = substr(text, at + 2)
    } else if (quotes[literals] != "") {
      at = match(text, /\\.|"/)
      if (!at) return code
      two = substr(text, at, 2)
      text = substr(text, at)
      if (two == "\\(") {
        # Code, up to the parenthesis that closes it.
        nested[++literals] = 1
        quotes[literals] = ""
        text = substr(text, 3)
      } else if (substr(two, 1, 1) == "\\") {
        text = substr(text, 3)
      } else if (substr(text, 1, length(quotes[literals])) == quotes[literals]) {
        text = substr(text, 1 + length(quotes[literals]))
        literals--
      } else text = substr(text, 2)
    } else {
      at = literals ? match(text, /\/\/|\/\*|"|[()]/) : match(text, /\/\/|\/\*|"/)
      if (!at) return code text
      code = code substr(text, 1, at - 1)
      two = substr(text, at, 2)
      text = substr(text, at)
      if (two == "//") return code
      if (two == "/*") {
        comment++
        text = substr(text, 3)
      } else if (substr(two, 1, 1) == "\"") {
        quotes[++literals] = substr(text, 1, 3) == "\"\"\"" ? "\"\"\"" : "\""
        code = code " "
        text = substr(text, 1 + length(quotes[literals]))
      } else {
        nested[literals] += substr(two, 1, 1) == "(" ? 1 : -1
        if (nested[literals] == 0) literals--
        else code = code substr(two, 1, 1)
        text = substr(text, 2)
      }
    }
  }
  return code
}

# Notes what a line declares and uses. `expects` says what the next name is: that of a type or of something else that is declared, one of
# several ("names"), a loop's variable, or a generic parameter; `opens`, what the next brace begins.
function read(code,    token, before, follows) {
  is_private = code ~ /(^|[^A-Za-z_])(file)?private([^A-Za-z_(]|$)/
  note_closure_parameters(code)
  before = ""
  while (match(code, /[A-Za-z_][A-Za-z0-9_]*|[{}()<>=,:.@#$]/)) {
    token = substr(code, RSTART, RLENGTH)
    code = substr(code, RSTART + RLENGTH)
    follows = substr(code, 1, 1)
    if (token ~ /^[A-Za-z_]/) {
      if (before !~ /[@#$]/) read_name(token, before, follows, code)
    } else read_mark(token, before)
    before = token
  }
  # A stored property, or what a protocol asks for, may end with its line.
  if (expects == "names" || expects == "generics") expects = ""
}

function read_name(token, before, follows, rest) {
  if (before == ".") {
    if (!(token in keyword)) use(token, 1)
  } else if (expects == "type") {
    # Of a path, the first name.
    opened_type = token
    if (opens == "type") declare(token)
    expects = opens == "type" ? "generics" : ""
  } else if (expects == "name") {
    declare(token)
    expects = "generics"
  } else if (token == "class" && rest ~ /^ (func|var|let|subscript)/) {
    return
  } else if (token ~ /^(class|struct|enum|protocol|actor|extension)$/ && rest ~ /^ +[A-Za-z_]/) {
    opens = token == "extension" ? "extension" : "type"
    expects = "type"
  } else if (token ~ /^(func|typealias|associatedtype)$/) {
    expects = "name"
  } else if (token ~ /^(init|subscript|deinit)$/) {
    expects = "generics"
  } else if (token ~ /^(var|let)$/ || token == "case" && !in_function) {
    expects = "names"
    outside = parentheses
  } else if (token == "for") {
    expects = "variables"
  } else if (token == "in" && expects == "variables") {
    expects = ""
  } else if (token in keyword) {
    return
  } else if (expects == "variables") {
    here[FILENAME, token]
  } else if (expects == "names") {
    declare(token)
    if (parentheses == outside) expects = ""
  } else if (follows == ":" || expects == "parameters" && before ~ /[<,]/) {
    here[FILENAME, token]
  } else use(token, 0)
}

function read_mark(token, before) {
  if (token == "<") {
    expects = expects == "generics" ? "parameters" : expects
  } else if (token == ">") {
    if (expects == "parameters") expects = ""
  } else if (token == "(") {
    parentheses++
    if (expects == "generics") expects = ""
  } else if (token == ")") {
    parentheses--
    if (expects == "names" && parentheses <= outside) expects = ""
  } else if (token == ":" || token == "=") {
    if (expects != "parameters") expects = ""
  } else if (token == "{") {
    depth++
    is_type[depth] = opens != ""
    if (!is_type[depth]) in_function++
    if (depth == 1) extended = opens == "extension" ? opened_type : ""
    opens = expects = ""
  } else if (token == "}") {
    if (!is_type[depth]) in_function--
    depth--
    expects = ""
  }
}

# What stands between a brace and `in`, without the types.
function note_closure_parameters(code) {
  if (!match(code, /[{][^{}]* in( |$)/)) return
  code = substr(code, RSTART, RLENGTH)
  gsub(/throws *\([^)]*\)|->.*|: *((inout|borrowing|consuming|sending) )?[A-Za-z_][A-Za-z0-9_.<>?]*/, "", code)
  while (match(code, /[A-Za-z_][A-Za-z0-9_]*/)) {
    here[FILENAME, substr(code, RSTART, RLENGTH)]
    code = substr(code, RSTART + RLENGTH)
  }
}

# MARK: Noting

function declare(name) {
  if (in_function) here[FILENAME, name]
  else if (is_private) mine[FILENAME, name]
  else {
    known[folder, name]
    if (depth == 0) note("top", folder, name)
    else if (extended != "") {
      # Whose type it is can be told at the end.
      members++
      member[members] = name
      member_type[members] = extended
      member_folder[members] = folder
    }
  }
}

# Adds a folder to those of a name.
function note(kind, folder, name,    module) {
  module = module_of(folder)
  if (!index(folders[kind, module, name], " " folder " ")) folders[kind, module, name] = folders[kind, module, name] " " folder " "
}

function use(name, is_member) {
  uses++
  used[uses] = name
  used_in[uses] = folder
  used_file[uses] = FILENAME
  used_line[uses] = FNR
  used_member[uses] = is_member
}

# MARK: Telling

function module_of(folder) { return substr(folder, 1, index(folder, "/") - 1) }
function short(folder) { return substr(folder, index(folder, "/") + 1) }

# The lowest folder of a list, or nothing.
function lowest(list,    word, count, number, found) {
  count = split(list, word, " ")
  found = ""
  for (number = 1; number <= count; number++) if (found == "" || rank[word[number]] < rank[found]) found = word[number]
  return found
}

# Members of a type are those of its own folder, but for those that others add. Nobody below the type can use them.
function find_added_members(    number, home, folder, key) {
  for (number = 1; number <= members; number++) {
    folder = member_folder[number]
    home = folders["top", module_of(folder), member_type[number]]
    if (home == "" || index(home, " " folder " ")) continue
    note("member", folder, member[number])
    key = module_of(folder) SUBSEP member[number]
    if (!(key in ground) || rank[lowest(home)] < ground[key]) ground[key] = rank[lowest(home)]
  }
}

# Whether a folder, or one below it, declares the name.
function is_known(name, folder,    number) {
  for (number = 1; number <= rank[folder]; number++)
    if (module_of(name_of[number]) == module_of(folder) && (name_of[number], name) in known) return 1
  return 0
}

# The folder that a use leads to, or nothing.
function target(number,    name, from, list) {
  name = used[number]
  from = used_in[number]
  list = ""
  if ((used_file[number], name) in mine || !used_member[number] && (used_file[number], name) in here) return ""
  if ((module_of(from), name) in ground && rank[from] >= ground[module_of(from), name]) list = folders["member", module_of(from), name]
  if (!used_member[number]) list = list folders["top", module_of(from), name]
  if (list == "" || (from, name) in known) return ""
  list = lowest(list)
  return rank[list] > rank[from] && is_known(name, from) ? "" : list
}

END {
  find_added_members()
  for (number = 1; number <= uses; number++) {
    to = target(number)
    if (to == "") continue
    from = used_in[number]
    if (!((from, to) in arrows)) example[from, to] = used[number] "  " used_file[number] ":" used_line[number]
    arrows[from, to]++
    if (rank[to] > rank[from]) {
      failed = 1
      printf "%s:%d: error: %s uses \"%s\" of %s, a layer above it\n", used_file[number], used_line[number], short(from), used[number], short(to)
    }
  }
  for (first = layers; first >= 1; first--) for (second = layers; second >= 1; second--) {
    from = name_of[first]
    to = name_of[second]
    if (!((from, to) in arrows)) continue
    total++
    printf "%-12s %-18s %s %-18s %4d  %s\n", module_of(from), short(from), (second > first ? "UP" : "->"), short(to), arrows[from, to], \
      example[from, to]
  }
  if (failed) exit 1
  printf "layers: %d arrows between folders, all of them down\n", total
}
