# _cprof_has NAME ARRAY: does an entry 'NAME' or 'NAME:what it does' stand in the array?
_cprof_has() {
  (( ${(P)2[(I)(#b)${(b)1}(|:*)]} ))
}

# Where the cursor is, by what is before it: first, flags, argument, topic, shell, sources, nothing, or value, which is
# the value of the flag $flag.
_cprof_place() {
  local word name report=
  place=first
  for word in "${(@)words[2,CURRENT-1]}"; do
    name=${${word#-}#-}
    if [[ $place == value ]]; then
      place=$before
    elif [[ $place == (first|flags|argument) && $word == -- ]]; then
      [[ $place == argument ]] || place=sources
    elif [[ $place == (first|flags|argument) && $word == -?* ]]; then
      before=$place flag=$name
      if [[ $name != *=* ]] && _cprof_has "$name" valued; then place=value; fi
      if _cprof_has "${name%%=*}" commands; then report=yes; fi
    elif [[ $place == argument ]]; then
      place=flags
    elif [[ $place == first && -z $report && $word == help ]]; then
      place=topic
    elif [[ $place == first && -z $report && $word == record ]]; then
      place=flags
      _cprof_record_tables
    elif [[ $place == first && -z $report && $word == version ]]; then
      place=nothing
    elif [[ $place == first && -z $report ]] && _cprof_has "$word" commands; then
      place=flags
      if _cprof_has "$word" with_argument; then place=argument; fi
    elif [[ $place == topic ]]; then
      if [[ $word == completion ]]; then place=shell; else place=nothing; fi
    elif [[ $place == (first|flags) ]]; then
      place=sources
    elif [[ $place == shell ]]; then
      place=nothing
    fi
  done
  if [[ $place == first && -n $report ]]; then place=flags; fi
}

_cprof_flags() {
  local dash=-
  if [[ $PREFIX == --* ]]; then dash=--; fi
  local -a without=( "${(@)switches/#/$dash}" "${(@)others/#/$dash}" ) with=( "${(@)valued/#/$dash}" )
  with=( "${(@)with/:/=:}" )
  _describe -o -t flags flag without -- with -S ''
}

_cprof() {
  emulate -L zsh
  setopt extended_glob
  local -a commands with_argument others topics shells switches valued makers
  local place flag before
  _cprof_tables
  _cprof_place
  if [[ $place == (first|flags|argument) && $PREFIX == -*=* ]]; then
    place=value flag=${${${PREFIX%%=*}#-}#-}
    compset -P 1 '*='
  elif [[ $place == (first|flags|argument) && $PREFIX == -* ]]; then
    place=dash
  fi
  case $place in
    (dash) _cprof_flags ;;
    (value) _cprof_value "$flag" ;;
    (argument) _message 'regular expression' ;;
    (topic)
      _describe -t topics topic topics
      _describe -t flags flag switches -- valued
      ;;
    (shell) _describe -t shells shell shells ;;
    (first)
      _describe -t commands report commands -- others -- makers
      _files
      ;;
    (flags|sources) _files ;;
  esac
}

# As a file in $fpath this is the function itself; read by `source` it declares it.
if [[ ${funcstack[1]} == _cprof ]]; then
  _cprof "$@"
else
  compdef _cprof cprof
fi
