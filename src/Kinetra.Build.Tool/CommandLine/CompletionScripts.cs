namespace Kinetra.Build.Tool.CommandLine;

/// <summary>
/// Scripts for shells. Each asks the tool itself what could stand at the cursor, by the directive <c>[suggest:POSITION]</c> of
/// System.CommandLine with the whole line, so that they need not be made anew when the tool gets more commands.
/// </summary>
internal static class CompletionScripts
{
    /// <summary>The shells.</summary>
    public static readonly IReadOnlyList<string> Shells = ["bash", "zsh", "fish", "pwsh"];

    /// <summary>The script for a shell.</summary>
    /// <param name="shell">One of <see cref="Shells"/>.</param>
    public static string Of(string shell) => (shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        _ => PowerShell,
    }).ReplaceLineEndings("\n") + "\n";

    private const string Bash = """
        # Completion of kinetra for bash: add to ~/.bashrc
        #   eval "$(kinetra completion bash)"
        _kinetra()
        {
            local IFS=$'\n'
            local word="${COMP_WORDS[COMP_CWORD]}"
            local line="${COMP_LINE:0:COMP_POINT}"
            local found
            found="$(kinetra "[suggest:${#line}]" "$line" 2>/dev/null)"
            COMPREPLY=()
            local one
            while read -r one; do
                [[ -n "$one" && "$one" == "$word"* ]] && COMPREPLY+=("$(printf '%q' "$one")")
            done <<< "$found"
        }
        complete -o default -F _kinetra kinetra
        """;

    private const string Zsh = """
        # Completion of kinetra for zsh: add to ~/.zshrc, behind compinit
        #   eval "$(kinetra completion zsh)"
        _kinetra()
        {
            local line="${BUFFER[1,CURSOR]}"
            local -a found
            found=("${(@f)$(kinetra "[suggest:${#line}]" "$line" 2>/dev/null)}")
            [[ -n "$found" ]] && compadd -- "${found[@]}" || _files
        }
        compdef _kinetra kinetra
        """;

    private const string Fish = """
        # Completion of kinetra for fish: save as ~/.config/fish/completions/kinetra.fish
        function __kinetra_complete
            set -l line (commandline -cp)
            kinetra "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c kinetra -f -a '(__kinetra_complete)'
        """;

    private const string PowerShell = """
        # Completion of kinetra for PowerShell: add to $PROFILE
        #   kinetra completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName kinetra -ScriptBlock {
            param($word, $ast, $position)
            kinetra "[suggest:$position]" "$ast" 2>$null | Where-Object { $_ -like "$word*" } | ForEach-Object {
                $text = if ($_ -match '\s') { "'$_'" } else { $_ }
                [System.Management.Automation.CompletionResult]::new($text, $_, 'ParameterValue', $_)
            }
        }
        """;
}
