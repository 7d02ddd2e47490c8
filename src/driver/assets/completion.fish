# Where the cursor is, by what is before it: first, flags, argument, topic, shell, sources, nothing or record (its flags). The
# values of flags are fish's own business.
function __cprof_place
    set -l place first
    set -l report no
    set -l skip no
    set -l words (commandline -opc)
    for word in $words[2..-1]
        set -l name (string replace -r -- '^--?' '' $word)
        set -l plain (string replace -r -- '=.*' '' $name)
        set -l takes_flags no
        contains $place first flags argument; and set takes_flags yes
        if test $skip = yes
            set skip no
        else if test $takes_flags = yes; and test "$word" = --
            test $place = argument; or set place sources
        else if test $takes_flags = yes; and string match -qr -- '^-.' $word
            test "$name" = "$plain"; and __cprof_takes_value $name; and set skip yes
            __cprof_is_command $plain; and set report yes
        else if test $place = argument
            set place flags
        else if test $place = first -a $report = no; and test "$word" = help
            set place topic
        else if test $place = record; and string match -qr -- '^-.' $word
            test "$word" = --; and set place sources
            test "$name" = "$plain"; and __cprof_record_takes_value $name; and set skip yes
        else if test $place = record
            set place sources
        else if test $place = first -a $report = no; and test "$word" = record
            set place record
        else if test $place = first -a $report = no; and test "$word" = version
            set place nothing
        else if test $place = first -a $report = no; and __cprof_is_command $word
            set place flags
            __cprof_takes_argument $word; and set place argument
        else if test $place = topic
            set place nothing
            test "$word" = completion; and set place shell
        else if test $takes_flags = yes
            set place sources
        else if test $place = shell
            set place nothing
        end
    end
    test $place = first -a $report = yes; and set place flags
    echo $place
end

function __cprof_at
    contains -- (__cprof_place) $argv
end

# -x=, where x needs no value.
function __cprof_switch_head
    set -l head (string match -r -- '^--?[^=-][^=]*=' (commandline -ct))
    and not __cprof_takes_value (string replace -ra -- '^--?|=' '' $head)
    and echo $head
end

complete -c cprof -n '__cprof_switch_head >/dev/null' -f -a '(__cprof_switch_head){true,false}'
complete -c cprof -n '__cprof_at argument topic shell nothing' -f
