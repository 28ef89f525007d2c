# Completion of cdr for fish: commands and options are read from its own help, so that there is no second list.
function __cdr_commands
    cdr --help 2>/dev/null | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\)  *\(.*\)/\1\t\2/p'
end
function __cdr_command
    set -l last
    for word in (commandline -opc)[2..]
        if not string match -q -- '-*' $word; and test "$last" != --db
            echo $word
            return
        end
        set last $word
    end
end
function __cdr_options
    cdr (__cdr_command) --help 2>/dev/null | grep -o -e '--[a-z][a-z-]*'
end
function __cdr_tables
    cdr tables --no-header 2>/dev/null | cut -f1,3
end
complete -c cdr -f -n 'test -z (__cdr_command)' -a '(__cdr_commands)'
complete -c cdr -n 'string match -q -- "-*" (commandline -ct)' -a '(__cdr_options)'
complete -c cdr -f -n 'contains -- (__cdr_command) push' -a clickhouse
complete -c cdr -f -n 'contains -- (__cdr_command) export describe tables' -a '(__cdr_tables)'
