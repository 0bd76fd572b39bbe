# fish completion for infoflow. The program itself says what a line may go on with, by the words before the cursor.

function __infoflow_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
    # fish itself compares what is offered with what is typed, quotation marks and all
    set -l typed ''
    string match -q -- '-*' "$word"; and set typed $word
    set -l found ($program --complete $words[2..-1] "$typed" 2>/dev/null)
    set -l path (string unescape -- "$word"; or string trim -l -c \'\" -- "$word")
    set -l option (string match -r -- '^--[^=]*=' "$path")
    set path (string replace -- "$option" '' "$path")
    switch "$found[1]"
        case words
            string join \n -- $found[2..-1]
        case files
            string join \n -- "$option"(__fish_complete_path "$path")
        case folders
            string join \n -- "$option"(__fish_complete_directories "$path")
    end
end

complete -c infoflow -f -a '(__infoflow_complete)'
