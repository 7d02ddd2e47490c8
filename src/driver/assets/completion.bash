# The words up to the cursor. bash breaks them at '=' and ':', which are parts of flags.
_cprof_words() {
  local word glue=
  words=()
  for word in "${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
    if [[ ${#words[@]} -gt 0 && ($glue || $word == [=:]*) ]]; then
      words[${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
    glue=
    [[ $word != [=:]* ]] || glue=yes
  done
}

_cprof_has() {
  local wanted=$1 word
  shift
  for word; do [[ $word != "$wanted" ]] || return 0; done
  return 1
}

# Where the cursor is, by what is before it: first, flags, argument, topic, shell, sources, nothing, or value, which is
# the value of the flag $flag.
_cprof_place() {
  local word name report=
  place=first
  for word in "${words[@]:1:${#words[@]}-2}"; do
    name=${word#-}
    name=${name#-}
    if [[ $place == value ]]; then
      place=$before
    elif [[ $place == @(first|flags|argument) && $word == -- ]]; then
      [[ $place == argument ]] || place=sources
    elif [[ $place == @(first|flags|argument) && $word == -?* ]]; then
      before=$place flag=$name
      [[ $name == *=* || $name == '' || ! ${takes[$name]-} ]] || place=value
      ! _cprof_has "${name%%=*}" "${commands[@]}" || report=yes
    elif [[ $place == argument ]]; then
      place=flags
    elif [[ $place == first && ! $report && $word == help ]]; then
      place=topic
    elif [[ $place == first && ! $report && $word == record ]]; then
      place=flags
      _cprof_record_tables
    elif [[ $place == first && ! $report && $word == version ]]; then
      place=nothing
    elif [[ $place == first && ! $report ]] && _cprof_has "$word" "${commands[@]}"; then
      place=flags
      ! _cprof_has "$word" "${with_argument[@]}" || place=argument
    elif [[ $place == topic ]]; then
      [[ $word == completion ]] && place=shell || place=nothing
    elif [[ $place == @(first|flags) ]]; then
      place=sources
    elif [[ $place == shell ]]; then
      place=nothing
    fi
  done
  [[ $place != first || ! $report ]] || place=flags
}

_cprof_reply() {
  mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen "$@" -- "$cur")
}

# _cprof_files -f or -d. Where bash has to take quotes away it does so better by itself.
_cprof_files() {
  compopt -o filenames 2>/dev/null
  _cprof_reply "$1"
  [[ ${#COMPREPLY[@]} -gt 0 ]] || compopt -o default 2>/dev/null
}

# _cprof_value FLAG: $cur is the value of a flag.
_cprof_value() {
  local kind=
  [[ ! $1 ]] || kind=${takes[$1]-}
  case $kind in
  file) _cprof_files -f ;;
  folders) _cprof_files -d ;;
  words*) _cprof_reply -W "${kind#words}" ;;
  '') ! _cprof_has "$1" "${switches[@]}" || _cprof_reply -W 'true false' ;;
  esac
}

_cprof_flags() {
  local dash=-
  [[ $cur != --* ]] || dash=--
  local cur=${cur#"$dash"}
  _cprof_reply -P "$dash" -W "${switches[*]} ${others[*]}"
  _cprof_reply -P "$dash" -S = -W "${!takes[*]}"
  [[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null
}

# Replies take the place of what is behind the last '=' or ':', where bash breaks words there. $cur is the end of the word
# that was completed.
_cprof_unbroken() {
  local word=${words[${#words[@]} - 1]} part breaks=
  local head=${word%"$cur"}
  [[ $COMP_WORDBREAKS != *=* ]] || breaks+='='
  [[ $COMP_WORDBREAKS != *:* ]] || breaks+=':'
  [[ ! $breaks || $word != *["$breaks"]* ]] || part=${word%"${word##*["$breaks"]}"}
  COMPREPLY=("${COMPREPLY[@]/#/$head}")
  COMPREPLY=("${COMPREPLY[@]#"${part-}"}")
}

_cprof() {
  local -a words commands with_argument others topics shells switches
  local -A takes
  local place flag before cur
  COMPREPLY=()
  _cprof_tables
  _cprof_words
  _cprof_place
  cur=${words[${#words[@]} - 1]}
  if [[ $place == @(first|flags|argument) && $cur == -*=* ]]; then
    flag=${cur%%=*} place=value
    flag=${flag#-}
    flag=${flag#-}
    cur=${cur#*=}
  elif [[ $place == @(first|flags|argument) && $cur == -* ]]; then
    place=dash
  fi
  case $place in
  dash) _cprof_flags ;;
  value) _cprof_value "$flag" ;;
  topic) _cprof_reply -W "${topics[*]} ${switches[*]} ${!takes[*]}" ;;
  shell) _cprof_reply -W "${shells[*]}" ;;
  first)
    _cprof_reply -W "${commands[*]} ${others[*]} record"
    _cprof_files -f
    ;;
  flags | sources) _cprof_files -f ;;
  esac
  [[ $place == dash || ${#COMPREPLY[@]} -eq 0 ]] || _cprof_unbroken
}
complete -F _cprof cprof
