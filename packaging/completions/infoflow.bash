# bash completion for infoflow. The program itself says what a line may go on with. It is given the words before the
# cursor as the shell would give them, but nothing in them is expanded or run.

# Parts a line into `words`, the last of which is being typed: in the quotation `quote`, and from `start` on as readline
# sees it, which begins a word anew behind a quotation mark and behind some bare characters such as `=` and `:`.
_infoflow_words()
{
    local line=$1 word='' begun='' mark=0 i c
    words=() quote='' start=0
    for ((i = 0; i < ${#line}; i++)); do
        c=${line:i:1}
        case $quote$c in
            [$' \t\n'])
                [[ $begun ]] && words+=("$word")
                word='' begun='' mark=0
                continue
                ;;
            \' | \") quote=$c start=${#word} ;;
            \'\' | \"\") quote='' ;;
            \\ | \"\\)
                [[ $quote && ${line:i+1:1} != [\"\\\$\`] ]] && word+=\\
                ((i++))
                word+=${line:i:1}
                ;;
            *)
                word+=$c
                [[ ! $quote && $COMP_WORDBREAKS == *"$c"* ]] && mark=${#word}
                ;;
        esac
        begun=yes
    done
    words+=("$word")
    [[ $quote ]] || start=$mark
    while [[ ${#words[@]} -gt 1 && ${words[0]} =~ ^[a-zA-Z_][a-zA-Z0-9_]*= ]]; do
        words=("${words[@]:1}") # variables set for the command alone
    done
}

# Adds a word to those that are offered, as it is to be typed.
_infoflow_offer()
{
    local word=${1:start}
    case $quote in
        \') word=${word//\'/"'\\''"} ;;
        \")
            word=${word//\\/\\\\}
            word=${word//\"/\\\"}
            word=${word//\$/\\\$}
            word=${word//\`/\\\`}
            ;;
        *) printf -v word %q "$word" ;;
    esac
    COMPREPLY+=("$word")
}

_infoflow()
{
    local -a words found
    local quote start word
    _infoflow_words "${COMP_LINE:0:COMP_POINT}"
    mapfile -t found < <("${words[0]/#\~\//$HOME/}" --complete "${words[@]:1}" 2>/dev/null)
    COMPREPLY=()
    case ${found[0]-} in
        files) compopt -o default ;;
        folders) compopt -o dirnames ;;
        *)
            for word in "${found[@]:1}"; do
                _infoflow_offer "${word%%$'\t'*}"
            done
            ;;
    esac
}

complete -F _infoflow infoflow
