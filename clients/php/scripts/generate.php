<?php

declare(strict_types=1);

/*
 * Writes src/Data/*.php, one readonly value object for every answer in contracts/openapi.json.
 *
 *   php scripts/generate.php            writes
 *   php scripts/generate.php --check    says whether what is there is what would be written
 */

namespace Understudy\Client\Scripts;

/** Written by hand, because they do more than hold. */
const BY_HAND = ['Decision' => '\\Understudy\\Client\\Decision'];

/** Read in another way. */
const NOT_READ = ['Problem', 'AuditLog', 'JobItem'];

/** Values that are shown once. */
const SECRETS = ['secret', 'csrf_token', 'code of SignInCode', 'path of SignInCode'];

/** Names of inline objects that stand in several places, by the names of their fields. */
const SHARED = [
    'label,score' => 'Candidate',
    'confidence,label' => 'Suggestion',
    'item,reason' => 'ReviewState',
    'model,rung,version' => 'DecidedBy',
    'amount,currency' => 'Money',
    'code,detail' => 'Failure',
    'done,eta_seconds,total,unit' => 'JobProgress',
    'at,reason' => 'Disabled',
    'head,size' => 'LedgerHeadPoint',
    'count,high,low,n,rate' => 'Proportion',
    'requests_per_minute' => 'RateLimit',
    'labels,reason' => 'LabelsNeeded',
    'name,rows' => 'RowCount',
    'examples,name' => 'ExampleCount',
    'promoted,reason' => 'Promotion',
    'confidence,max_error' => 'ErrorBudget',
    'description,name' => 'Label',
    'audit,review,waiting' => 'QueueCounts',
];

/** @phpstan-type Type array{php: string, doc: string, read: string, nullable: bool, secret: bool, default: ?string} */
final class Generator
{
    /** @var array<string, string> file name to source */
    public array $files = [];

    /** @var array<string, string> class to its constructor's types */
    private array $shapes = [];

    /** @var array<string, list<string>> class to the paths of its secrets */
    private array $secrets = [];

    /** @param array<string, mixed> $openapi */
    public function __construct(private readonly array $openapi)
    {
    }

    public function run(): void
    {
        foreach ($this->openapi['components']['schemas'] as $name => $schema) {
            $isAnswer = !preg_match('/(Request|Change|Query|Body|Switch|List|Response|Handback|Definition)$/', $name)
                || \in_array($name, ['ImportResponse', 'LabelSourceList'], true);
            $isSkipped = isset(BY_HAND[$name]) || \in_array($name, NOT_READ, true);
            if ($isAnswer && !$isSkipped && ($schema['type'] ?? '') === 'object') {
                $this->object($name, $schema);
            }
        }
        foreach (['Readiness' => '/healthz/ready', 'ServerVersion' => '/version'] as $name => $path) {
            $answer = $this->openapi['paths'][$path]['get']['responses']['200']['content']['application/json'];
            $this->object($name, $answer['schema']);
        }
    }

    private function object(string $class, array $schema): void
    {
        $required = $schema['required'] ?? [];
        $fields = [];
        foreach ($schema['properties'] as $name => $field) {
            $type = $this->type($field, $class, $name);
            if (!\in_array($name, $required, true)) {
                $type = self::nullable($type);
            }
            $fields[$name] = $type;
        }
        $shape = json_encode(array_map(static fn ($type) => [$type['php'], $type['doc']], $fields));
        if (isset($this->files[$class]) && $this->shapes[$class] !== $shape) {
            throw new \LogicException("two shapes of $class");
        }
        $this->shapes[$class] = $shape;
        $this->files[$class] = $this->source($class, $schema, $fields);
    }

    private function source(string $class, array $schema, array $fields): string
    {
        $order = array_keys($fields);
        usort($order, static fn ($a, $b) => ($fields[$a]['default'] !== null) <=> ($fields[$b]['default'] !== null));
        $docs = $parameters = $reads = $secrets = [];
        foreach ($order as $name) {
            $type = $fields[$name];
            $property = self::camel($name);
            $about = $schema['properties'][$name]['description'] ?? '';
            if (\is_array($schema['properties'][$name]['anyOf'] ?? null) && self::constants($schema['properties'][$name])) {
                $about = trim('`' . implode('`, `', self::constants($schema['properties'][$name])) . '`. ' . $about);
            }
            $about = trim(str_replace(["\n", '*/'], [' ', '* /'], $about));
            if ($type['doc'] !== $type['php'] || $about !== '') {
                $docs[] = self::wrap("     * @param {$type['doc']} \$$property $about");
            }
            $default = $type['default'] === null ? '' : ' = ' . $type['default'];
            $parameters[] = "        public readonly {$type['php']} \$$property$default,";
            $reads[] = '            ' . str_replace('VALUE', "\$data['$name'] ?? null", $type['read']) . ',';
            if ($type['secret']) {
                $secrets[] = $name;
            }
            foreach ($this->secrets[ltrim($type['php'], '?')] ?? [] as $inner) {
                $secrets[] = "$name.$inner";
            }
        }
        $this->secrets[$class] = $secrets;
        $isSecret = \in_array(true, array_column($fields, 'secret'), true);
        $raw = $secrets === [] ? '$data' : "self::masked(\$data, ['" . implode("', '", $secrets) . "'])";
        $about = trim(str_replace("\n", ' ', $schema['description'] ?? ''));
        $head = $about === '' ? '' : self::wrap(' * ' . $about, ' * ') . "\n";
        $docs[] = '     * @param array<string, mixed> $raw as the server sent it';

        return "<?php\n\n// Written by scripts/generate.php from contracts/openapi.json: do not edit.\n\n"
            . "declare(strict_types=1);\n\nnamespace Understudy\\Client\\Data;\n\n"
            . "use Understudy\\Client\\Internal\\Read;\n"
            . "use Understudy\\Client\\Record;\n" . ($isSecret ? "use Understudy\\Client\\Secret;\n" : '') . "\n"
            . ($head === '' ? '' : "/**\n$head */\n")
            . "final class $class extends Record\n{\n"
            . "    /**\n" . implode("\n", $docs) . "\n     */\n"
            . "    public function __construct(\n" . implode("\n", $parameters) . "\n        array \$raw = [],\n    ) {\n"
            . "        parent::__construct(\$raw);\n    }\n\n"
            . "    /** @param array<mixed> \$data tolerant: missing and unknown fields do no harm */\n"
            . "    public static function fromArray(array \$data): self\n    {\n"
            . "        \$data = Read::object(\$data);\n\n"
            . "        return new self(\n" . implode("\n", $reads) . "\n            $raw,\n        );\n    }\n}\n";
    }

    /** @return Type */
    private function type(array $schema, string $class, string $field): array
    {
        if (\in_array($field, SECRETS, true) || \in_array("$field of $class", SECRETS, true)) {
            return self::of('Secret', 'new Secret(Read::string(VALUE))', secret: true);
        }
        if (isset($schema['$ref'])) {
            $name = basename($schema['$ref']);
            $target = $this->openapi['components']['schemas'][$name];
            if (($target['type'] ?? '') !== 'object') {
                return $this->type($target, $class, $field);
            }
            $known = BY_HAND[$name] ?? $name;
            if (!isset(BY_HAND[$name]) && !isset($this->files[$name]) && $name !== $class) {
                $this->object($name, $target);
            }

            return self::of($known, "$known::fromArray(Read::object(VALUE))");
        }
        if (isset($schema['anyOf'])) {
            $rest = array_values(array_filter($schema['anyOf'], static fn ($one) => ($one['type'] ?? '') !== 'null'));
            $nullable = \count($rest) < \count($schema['anyOf']);
            if (\count($rest) === 1) {
                $type = $this->type($rest[0], $class, $field);
            } else {
                $types = array_unique(array_map(static fn ($one) => $one['type'] ?? 'any', $rest));
                $type = match (\count($types) === 1 ? reset($types) : 'any') {
                    'string' => self::scalar('string'),
                    'object' => self::map('mixed'),
                    default => self::mixed(),
                };
                // A variant that refers to constants is a string as well.
                if (!isset($schema['anyOf'][0]['type']) && isset($rest[0]['anyOf'])) {
                    $type = self::scalar('string');
                }
            }

            return $nullable ? self::nullable($type) : $type;
        }
        if (($schema['format'] ?? '') === 'date-time') {
            return self::of('\\DateTimeImmutable', 'Read::time(VALUE)', 'Read::nullableTime(VALUE)');
        }

        return match ($schema['type'] ?? 'any') {
            'string' => self::scalar('string'),
            'integer' => self::scalar('int'),
            'number' => self::scalar('float'),
            'boolean' => self::scalar('bool'),
            'array' => $this->list($schema, $class, $field),
            'object' => $this->inline($schema, $class, $field),
            default => self::mixed(),
        };
    }

    private function list(array $schema, string $class, string $field): array
    {
        $item = $this->type($schema['items'] ?? [], $class, self::singular($field));
        $map = match (true) {
            $item['php'] === 'string' => 'Read::strings(VALUE)',
            $item['php'] === 'mixed' => 'Read::list(VALUE)',
            default => 'array_map(static fn (mixed $item): ' . $item['php'] . ' => '
                . str_replace('VALUE', '$item', $item['read']) . ', Read::list(VALUE))',
        };

        return [
            ...self::of('array', $map),
            'doc' => 'list<' . $item['doc'] . '>',
            'default' => '[]',
        ];
    }

    private function inline(array $schema, string $class, string $field): array
    {
        if (!isset($schema['properties'])) {
            $values = array_values($schema['patternProperties'] ?? []);
            $value = $this->type(\is_array($values[0] ?? null) ? $values[0] : [], $class, self::singular($field));

            return self::map($value['doc'], $value['read']);
        }
        $names = array_keys($schema['properties']);
        sort($names);
        $own = $class . ucfirst(self::camel($field));
        $name = SHARED[implode(',', $names)] ?? $own;
        try {
            $this->object($name, $schema);
        } catch (\LogicException $different) {
            if ($name === $own) {
                throw $different;
            }
            $name = $own;
            $this->object($name, $schema);
        }

        return self::of($name, "$name::fromArray(Read::object(VALUE))");
    }

    private static function of(string $php, string $read, ?string $nullableRead = null, bool $secret = false): array
    {
        return ['php' => $php, 'doc' => $php, 'read' => $read, 'nullable' => false, 'secret' => $secret,
            'default' => null, 'nullableRead' => $nullableRead];
    }

    private static function scalar(string $php): array
    {
        return self::of($php, "Read::$php(VALUE)", 'Read::nullable' . ucfirst($php) . '(VALUE)');
    }

    private static function mixed(): array
    {
        return ['default' => 'null', 'nullable' => true] + self::of('mixed', 'VALUE');
    }

    private static function map(string $value, string $read = 'VALUE'): array
    {
        $map = $value === 'mixed' ? 'Read::object(VALUE)'
            : 'array_map(static fn (mixed $item): ' . $value . ' => ' . str_replace('VALUE', '$item', $read)
                . ', Read::object(VALUE))';
        $nullable = $value === 'mixed' ? 'Read::nullableObject(VALUE)' : null;

        return ['doc' => "array<string, $value>", 'default' => '[]'] + self::of('array', $map, $nullable);
    }

    private static function nullable(array $type): array
    {
        if ($type['nullable']) {
            return $type;
        }
        $read = $type['nullableRead'] ?? '\\is_array(VALUE) ? ' . $type['read'] . ' : null';
        if ($type['secret']) {
            $read = '\\is_string(VALUE) ? ' . $type['read'] . ' : null';
        }
        // `$data['x'] ?? null` needs its brackets inside a ternary's condition only for the reader.
        return [...$type, 'php' => '?' . $type['php'], 'doc' => $type['doc'] . '|null', 'read' => $read,
            'nullable' => true, 'default' => 'null'];
    }

    /** @return list<string> */
    private static function constants(array $schema): array
    {
        return array_values(array_filter(array_column($schema['anyOf'], 'const'), 'is_string'));
    }

    private static function camel(string $name): string
    {
        return lcfirst(str_replace('_', '', ucwords($name, '_')));
    }

    private static function singular(string $field): string
    {
        return match (true) {
            str_ends_with($field, 'ases') => substr($field, 0, -2),
            str_ends_with($field, 'ies') => substr($field, 0, -3) . 'y',
            str_ends_with($field, 's') && !str_ends_with($field, 'ss') => substr($field, 0, -1),
            $field === 'data' => 'entry',
            default => $field . '_item',
        };
    }

    private static function wrap(string $line, string $next = '     *     '): string
    {
        return implode("\n", array_map('rtrim', explode("\n", wordwrap(rtrim($line), 116, "\n" . $next))));
    }
}

$openapi = json_decode((string) file_get_contents(__DIR__ . '/../../../contracts/openapi.json'), true, 512, JSON_THROW_ON_ERROR);
$generator = new Generator($openapi);
$generator->run();
$folder = __DIR__ . '/../src/Data';
$wrong = [];
foreach ($generator->files as $class => $source) {
    $file = "$folder/$class.php";
    if (!is_file($file) || file_get_contents($file) !== $source) {
        $wrong[] = "$class.php differs";
    }
    if (!\in_array('--check', $argv, true)) {
        file_put_contents($file, $source);
    }
}
foreach (glob("$folder/*.php") ?: [] as $file) {
    if (!isset($generator->files[basename($file, '.php')])) {
        $wrong[] = basename($file) . ' has no schema';
        if (!\in_array('--check', $argv, true)) {
            unlink($file);
        }
    }
}
if (\in_array('--check', $argv, true) && $wrong !== []) {
    fwrite(STDERR, implode("\n", $wrong) . "\nrun: php scripts/generate.php\n");
    exit(1);
}
echo \count($generator->files), " value objects\n";
