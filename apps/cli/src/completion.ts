import type { Argument, Command, Option } from 'commander';

/** One command as shells need to know it. */
export interface CompletionNode {
  /** Words from the program's name on, e.g. `['task', 'create']`. */
  path: string[];
  description: string;
  subcommands: { name: string; description: string }[];
  options: { flags: string[]; description: string; takesValue: boolean; choices: string[] }[];
  /** Whether some argument or option value may be a file. */
  takesFiles: boolean;
  choices: string[];
}

const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];
export const shells: readonly Shell[] = SHELLS;

const isFile = (name: string) => /^file$|<file>/.test(name);

function optionOf(option: Option): CompletionNode['options'][number] {
  const flags = [option.short, option.long].filter((flag): flag is string => typeof flag === 'string');
  return {
    flags,
    description: option.description,
    takesValue: option.required || option.optional,
    choices: option.argChoices ?? [],
  };
}

/** Every command of the tree, the program itself first. */
export function completionNodes(program: Command, path: string[] = []): CompletionNode[] {
  const globals = path.length === 0 ? [] : rootOf(program).options;
  const options = [...program.options, ...globals].filter((option) => !option.hidden);
  const subcommands = program.commands.flatMap((child) =>
    [child.name(), ...child.aliases()].map((name) => ({ name, description: child.description() })),
  );
  const node: CompletionNode = {
    path,
    description: program.description(),
    subcommands,
    options: [
      ...options.map(optionOf),
      { flags: ['-h', '--help'], description: 'show the help', takesValue: false, choices: [] },
    ],
    takesFiles:
      program.registeredArguments.some((argument: Argument) => isFile(argument.name())) ||
      program.options.some((option) => isFile(option.flags)),
    choices: program.registeredArguments.flatMap((argument: Argument) => argument.argChoices ?? []),
  };
  const children = program.commands.flatMap((child) =>
    [child.name(), ...child.aliases()].flatMap((name) => completionNodes(child, [...path, name])),
  );
  return [node, ...children];
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}

const flagsOf = (node: CompletionNode) => node.options.flatMap(({ flags }) => flags);
const wordsOf = (node: CompletionNode) => [...node.subcommands.map(({ name }) => name), ...node.choices];

/** Options whose value follows as a word of its own: that word is no subcommand. */
const valueFlags = (nodes: CompletionNode[]): string[] => [
  ...new Set(
    nodes.flatMap(({ options }) => options.filter(({ takesValue }) => takesValue).flatMap(({ flags }) => flags)),
  ),
];

function bash(name: string, nodes: CompletionNode[]): string {
  const cases = nodes.map((node) => {
    const values = node.options
      .filter(({ choices }) => choices.length > 0)
      .map(
        ({ flags, choices }) =>
          `      ${flags.join('|')}) COMPREPLY=($(compgen -W '${choices.join(' ')}' -- "$cur")); return ;;\n`,
      );
    const files = node.options
      .filter(({ takesValue, choices }) => takesValue && choices.length === 0)
      .flatMap(({ flags }) => flags);
    return `    '${node.path.join(' ')}')
      case "$prev" in
${values.join('')}${files.length === 0 ? '' : `      ${files.join('|')}) COMPREPLY=($(compgen -f -- "$cur")); return ;;\n`}      esac
      words='${wordsOf(node).join(' ')}' flags='${flagsOf(node).join(' ')}' files=${node.takesFiles ? 1 : 0} ;;`;
  });
  const known = nodes.filter(({ path }) => path.length > 0).map(({ path }) => `'${path.join(' ')}'`);
  return `# Completion of ${name} for bash: eval "$(${name} completion bash)"
_${name}() {
  local cur prev word path='' next words flags files i skip=0
  cur="\${COMP_WORDS[COMP_CWORD]}"
  prev="\${COMP_WORDS[COMP_CWORD-1]}"
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    if ((skip)); then skip=0; continue; fi
    case "$word" in
      ${valueFlags(nodes).join('|')}) skip=1; continue ;;
      -*) continue ;;
    esac
    next="\${path:+$path }$word"
    case "$next" in
      ${known.join('|')}) path="$next" ;;
    esac
  done
  COMPREPLY=()
  case "$path" in
${cases.join('\n')}
  esac
  if [[ "$cur" == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$cur"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
    if ((files)); then COMPREPLY+=($(compgen -f -- "$cur")); fi
  fi
}
complete -o filenames -F _${name} ${name}
`;
}

/** Text inside single quotes of a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function zsh(name: string, nodes: CompletionNode[]): string {
  const text = (value: string) => value.replaceAll(/[[\]:\\]/g, (character) => `\\${character}`);
  const known = nodes.filter(({ path }) => path.length > 0).map(({ path }) => `'${path.join(' ')}'`);
  const cases = nodes.map((node) => {
    const specs = node.options.flatMap(({ flags, description, takesValue, choices }) =>
      flags.map((flag) => {
        const value = !takesValue ? '' : choices.length > 0 ? `:value:(${choices.join(' ')})` : ':value:_files';
        return `      ${quoted(`${flag}[${text(description)}]${value}`)}`;
      }),
    );
    const words = node.subcommands.map((child) => quoted(`${text(child.name)}:${text(child.description)}`));
    return `    '${node.path.join(' ')}')
      options=(
${specs.join('\n')}
      )
      words_here=(${[...words, ...node.choices.map(quoted)].join(' ')})
      files=${node.takesFiles ? 1 : 0} ;;`;
  });
  return `#compdef ${name}
# Completion of ${name} for zsh: source <(${name} completion zsh)
_${name}() {
  local path_here='' next word skip=0 files=0 i
  local -a options words_here
  for ((i = 2; i < CURRENT; i++)); do
    word="\${words[i]}"
    if ((skip)); then skip=0; continue; fi
    case "$word" in
      ${valueFlags(nodes).join('|')}) skip=1; continue ;;
      -*) continue ;;
    esac
    next="\${path_here:+$path_here }$word"
    case "$next" in
      ${known.join('|')}) path_here="$next" ;;
    esac
  done
  case "$path_here" in
${cases.join('\n')}
  esac
  if ((\${#words_here} && !skip)) && [[ "\${words[CURRENT]}" != -* ]]; then
    _describe '${name}' words_here
    return
  fi
  if ((files)); then options+=('*:file:_files'); fi
  _arguments -s $options
}
compdef _${name} ${name}
`;
}

function fish(name: string, nodes: CompletionNode[]): string {
  const lines = nodes.flatMap((node) => {
    const when = quoted(`__${name}_at ${node.path.join(' ')}`.trimEnd());
    const subcommands = node.subcommands.map(
      (child) => `complete -c ${name} -n ${when} -f -a ${quoted(child.name)} -d ${quoted(child.description)}`,
    );
    const choices =
      node.choices.length === 0 ? [] : [`complete -c ${name} -n ${when} -f -a ${quoted(node.choices.join(' '))}`];
    const options = node.options.map(({ flags, description, takesValue, choices: values }) => {
      const names = flags
        .map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`))
        .join(' ');
      const value = !takesValue ? '' : values.length > 0 ? ` -x -a ${quoted(values.join(' '))}` : ' -r';
      return `complete -c ${name} -n ${when} ${names}${value} -d ${quoted(description)}`;
    });
    const files = node.takesFiles ? [`complete -c ${name} -n ${when} -F`] : [];
    return [...subcommands, ...choices, ...options, ...files];
  });
  const known = nodes.filter(({ path }) => path.length > 0).map(({ path }) => quoted(path.join(' ')));
  return `# Completion of ${name} for fish: ${name} completion fish | source
function __${name}_at
  set -l path
  set -l skip 0
  for word in (commandline -opc)[2..-1]
    if test $skip = 1
      set skip 0
      continue
    end
    switch $word
      case ${valueFlags(nodes).join(' ')}
        set skip 1
      case '-*'
      case '*'
        if contains -- (string join ' ' $path $word) ${known.join(' ')}
          set path $path $word
        end
    end
  end
  test "$path" = "$argv"
end
complete -c ${name} -f
${lines.join('\n')}
`;
}

/** The completion script of a command tree. */
export function completionScript(program: Command, shell: Shell): string {
  const nodes = completionNodes(program);
  const name = program.name();
  return shell === 'bash' ? bash(name, nodes) : shell === 'zsh' ? zsh(name, nodes) : fish(name, nodes);
}
