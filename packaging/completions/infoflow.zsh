#compdef infoflow
# zsh completion for infoflow. The program itself says what a line may go on with, by the words before the cursor.

local -a found names shown
local word
found=("${(@f)$("${${(Q)words[1]}/#\~\//$HOME/}" --complete "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
case $found[1] in
    files | folders)
        [[ $PREFIX == --*=* ]] && compset -P '--*='
        if [[ $found[1] == files ]]; then _files; else _files -/; fi
        ;;
    words)
        for word in "${(@)found[2,-1]}"; do
            names+=("${word%%$'\t'*}")
            shown+=("${(r:20:)${word%%$'\t'*}}  ${${(M)word%$'\t'*}#?}")
        done
        compadd -l -d shown -a names
        ;;
esac
