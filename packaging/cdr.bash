# Completion of cdr for bash: commands and options are read from its own help, so that there is no second list.
_cdr() {
  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command= last= word
  COMPREPLY=()
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == -* || $last == --db ]] || { command=$word; break; }
    last=$word
  done
  case $before in
    --format)
      mapfile -t COMPREPLY < <(compgen -W "$("${COMP_WORDS[0]}" $command --help 2> /dev/null | sed -n '/--format/,/(/{s/.*NAME//;s/(.*//;s/,\| or\b/ /g;p;q}')" -- "$current")
      return ;;
    --db | --out | -f | --file | --key-file | --password-file | --ca-file | --watch) compopt -o default; return ;;
  esac
  case $current in
    -*) mapfile -t COMPREPLY < <(compgen -W "$("${COMP_WORDS[0]}" $command --help 2> /dev/null | grep -o -e '--[a-z][a-z-]*' | sort -u)" -- "$current") ;;
    *)
      if [ -z "$command" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$("${COMP_WORDS[0]}" --help 2> /dev/null | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p')" -- "$current")
      elif [ "$command" = export ] || [ "$command" = describe ] || [ "$command" = tables ]; then
        mapfile -t COMPREPLY < <(compgen -W "$("${COMP_WORDS[0]}" tables --no-header 2> /dev/null | cut -f1)" -- "$current")
      elif [ "$command" = push ]; then
        COMPREPLY=(clickhouse)
      else
        compopt -o default
      fi ;;
  esac
}
complete -F _cdr cdr
